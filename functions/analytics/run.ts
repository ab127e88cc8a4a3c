import { createHash } from 'node:crypto'
import type { Model } from '../journey/model.ts'
import { type Analysis, type Answer, type Parameters, type Program, Refusal, type Run } from './analysis.ts'
import { analysisRun } from './runs.ts'
import { literalText } from './statement.ts'

/** How far a run of an analysis has come: all that is kept between two statements. */
export interface RunState {
  analysis: string
  runId: string
  from: string
  to: string
  parameters: Parameters
  startedAt: string
  /** The executions of the statements that have succeeded, in their order. */
  executions: readonly string[]
  bytesScanned: number
  /** How often the statement that is to be run next has failed. */
  failures: number
  /** How it ended; what is left is to record that. */
  ending: Ending | null
  isRecorded: boolean
}

export interface Ending {
  status: 'succeeded' | 'refused' | 'failed'
  reason: string | null
}

/** What became of a statement. */
export type Outcome =
  | { kind: 'succeeded'; executionId: string; bytesScanned: number }
  | { kind: 'failed'; reason: string }

/** A statement that fails for a reason of its own fails again; others, as when two write one table, do not. */
const mostFailures = 3

export function advance(state: RunState, outcome: Outcome): RunState {
  if (outcome.kind === 'succeeded') {
    const executions = [...state.executions, outcome.executionId]
    const bytesScanned = state.bytesScanned + outcome.bytesScanned
    return { ...state, executions, bytesScanned, failures: 0, isRecorded: state.ending !== null }
  }
  const failures = state.failures + 1
  if (failures < mostFailures) return { ...state, failures }
  const ending: Ending = { status: 'failed', reason: outcome.reason }
  // If that cannot be recorded either, there is nothing left to be asked.
  return { ...state, failures: 0, ending, isRecorded: state.ending !== null }
}

export interface Statement {
  /** As it is once the statement has been chosen. */
  state: RunState
  sql: string
  /** The same whenever this statement of this run is asked for: Athena runs it once. */
  token: string
  /** What the people who wait are told. */
  said: readonly string[]
}

/** Answers to executions that have succeeded. */
export type AnswerTo = (executionId: string) => Answer

/**
 * What is to be run next; null: nothing. Between statements nothing is kept but the executions' ids: the program is
 * begun anew and given their answers.
 */
export async function nextStatement(
  analysis: Analysis,
  state: RunState,
  deps: { answerTo: AnswerTo; model: Model; now: Date },
): Promise<Statement | null> {
  if (state.isRecorded) return null
  const said: string[] = []
  const next = state.ending ?? (await continued(analysis, state, { ...deps, said }))
  const ending = typeof next === 'string' ? null : next
  const sql = typeof next === 'string' ? next : recordText(analysis, state, next, deps.now)
  const chosen = { ...state, ending }
  return { state: chosen, sql, token: tokenOf(chosen), said }
}

/** The next statement of the program, or how it ended. */
async function continued(
  analysis: Analysis,
  state: RunState,
  { said, answerTo, model }: { said: string[]; answerTo: AnswerTo; model: Model },
): Promise<string | Ending> {
  const run: Run = { ...state, model, say: (message) => void said.push(message) }
  try {
    const sql = await replay(analysis.program(run), state.executions.map(answerTo), said)
    return sql ?? { status: 'succeeded', reason: null }
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    return { status: 'refused', reason: error.message }
  }
}

/** @param said is emptied of what was told before the last answer: it was told then */
async function replay(program: Program, answers: readonly Answer[], said: string[]) {
  let step = await program.next()
  for (const answer of answers) {
    said.length = 0
    step = await program.next(answer)
  }
  return step.done ? null : step.value
}

/** Athena takes 32 to 128 characters. */
const tokenOf = ({ runId, analysis, executions, failures, ending }: RunState): string =>
  createHash('sha256')
    .update(JSON.stringify([runId, analysis, executions.length, failures, ending]))
    .digest('hex')

const longestReason = 1_000

/** By this row a run becomes the one that is shown. */
function recordText(analysis: Analysis, state: RunState, { status, reason }: Ending, now: Date): string {
  const { runId, parameters, from, to, startedAt, bytesScanned, executions } = state
  const id = literalText(runId)
  const counts = analysis.results.map(({ name }) => `(select count(*) from ${name} where run_id = ${id})`)
  const values = [
    id,
    literalText(analysis.name),
    literalText(JSON.stringify(parameters)),
    ...[new Date(from), new Date(to), new Date(startedAt), now].map(literalText),
    literalText(status),
    counts.join(' + '),
    literalText(bytesScanned),
    reason === null ? 'cast(null as varchar)' : literalText(reason.slice(0, longestReason)),
    // This one included.
    literalText(executions.length + 1),
  ]
  const columns = analysisRun.fields.map(({ name }) => name)
  return `insert into ${analysisRun.name} (${columns.join(', ')}) select ${values.join(', ')}`
}
