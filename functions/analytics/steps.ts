import * as z from 'zod'
import type { Model } from '../journey/model.ts'
import { analysisNamed, runsOf } from './request.ts'
import { type AnswerTo, advance, nextStatement, type Outcome, type RunState } from './run.ts'

/** The step that begins an execution: what is asked for becomes a list of runs, one for each analysis. */
interface Prepare {
  step: 'prepare'
  request: unknown
  name: string
  startedAt: string
}

/** The step between two statements of a run; `answer` or `failure` is of the last one. */
interface Next {
  step: 'next'
  run: { state: RunState; answer?: unknown; failure?: unknown }
}

export type Step = Prepare | Next

export interface StepDeps {
  answerTo: AnswerTo
  model: Model
  now: () => Date
  onFailure(told: { analysis: string; runId: string; reason: string }): void
}

/** What the state machine of analyses asks a function for. What asks Athena is the state machine itself. */
export const takeStep = (event: Step, deps: StepDeps): Promise<object> =>
  event.step === 'prepare' ? prepare(event) : next(event, deps)

async function prepare({ request, name, startedAt }: Prepare) {
  const parsed = runsFrom(request, { name, startedAt })
  return { runs: parsed.map((state) => ({ state })) }
}

function runsFrom(request: unknown, execution: { name: string; startedAt: string }): RunState[] {
  try {
    return runsOf(request, execution)
  } catch (error) {
    if (error instanceof z.ZodError) throw new Error(`The request is not valid:\n${z.prettifyError(error)}`)
    throw error
  }
}

async function next({ run: { state, answer, failure } }: Next, deps: StepDeps) {
  const now = deps.now()
  const outcome = outcomeOf(answer, failure)
  // Before the first statement it has waited for those of others.
  const reached = outcome ? advance(state, outcome) : { ...state, startedAt: now.toISOString() }
  if (outcome?.kind === 'failed')
    deps.onFailure({ analysis: state.analysis, runId: state.runId, reason: outcome.reason })
  const statement = await nextStatement(analysisNamed(state.analysis), reached, { ...deps, now })
  if (statement) return { isDone: false, ...statement }
  const { analysis, runId, from, to, parameters, startedAt, bytesScanned, ending } = reached
  return { isDone: true, run: { analysis, runId, from, to, parameters, startedAt, bytesScanned, ...ending } }
}

const answerSchema = z.object({ executionId: z.string(), bytesScanned: z.number() })
const failureSchema = z.object({ Error: z.string(), Cause: z.string().default('') })
const causeSchema = z.object({
  QueryExecution: z.object({ Status: z.object({ StateChangeReason: z.string() }) }),
})

function outcomeOf(answer: unknown, failure: unknown): Outcome | null {
  if (failure !== undefined) return { kind: 'failed', reason: reasonOf(failureSchema.parse(failure)) }
  return answer === undefined ? null : { kind: 'succeeded', ...answerSchema.parse(answer) }
}

/** Of a query that ran and failed, what Athena says of it; else what the service said. */
function reasonOf({ Error: name, Cause }: z.infer<typeof failureSchema>): string {
  const cause = causeSchema.safeParse(parsedOrNull(Cause))
  return cause.success ? cause.data.QueryExecution.Status.StateChangeReason : `${name}: ${Cause}`
}

function parsedOrNull(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
