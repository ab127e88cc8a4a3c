import { injectLambdaContext } from '@aws-lambda-powertools/logger/middleware'
import middy from '@middy/core'
import type { Context } from 'aws-lambda'
import { z } from 'zod'
import { createAnswers } from './analytics/answers.ts'
import { analysisNamed, runsOf } from './analytics/request.ts'
import { advance, nextStatement, type Outcome, type RunState } from './analytics/run.ts'
import { createAthena } from './runtime/clients.ts'
import { now } from './runtime/clock.ts'
import { configuredModel } from './runtime/configured-model.ts'
import { logger } from './runtime/telemetry.ts'

const answerTo = createAnswers(createAthena())
const model = configuredModel()

/** The step that begins an execution: what is asked for becomes a list of runs, one for each analysis. */
type Prepare = { step: 'prepare'; request: unknown; name: string; startedAt: string }
/** The step between two statements of a run; `answer` or `failure` is of the last one. */
type Next = { step: 'next'; run: { state: RunState; answer?: unknown; failure?: unknown } }

/** Steps of the state machine of analyses; what asks Athena is the state machine itself. */
export const handler = middy<Prepare | Next, object, Error, Context>()
  .use(injectLambdaContext(logger))
  .handler((event) => (event.step === 'prepare' ? prepare(event) : next(event)))

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

async function next({ run: { state, answer, failure } }: Next) {
  const outcome = outcomeOf(answer, failure)
  // Before the first statement it has waited for those of others.
  const reached = outcome ? advance(state, outcome) : { ...state, startedAt: now().toISOString() }
  if (outcome?.kind === 'failed')
    logger.warn('a statement failed', {
      analysis: state.analysis,
      runId: state.runId,
      reason: outcome.reason,
    })
  const statement = await nextStatement(analysisNamed(state.analysis), reached, {
    answerTo,
    model,
    now: now(),
  })
  if (statement) return { isDone: false, ...statement }
  const { analysis, runId, from, to, parameters, startedAt, bytesScanned, ending } = reached
  logger.info('an analysis has ended', { analysis, runId, ...ending, bytesScanned })
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
