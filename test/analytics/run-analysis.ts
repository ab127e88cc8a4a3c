import type { Analysis, Row } from '../../functions/analytics/analysis.ts'
import { advance, type Ending, nextStatement, type RunState } from '../../functions/analytics/run.ts'
import { retail } from '../../functions/journey/model.ts'

/** What runs SQL: the lake of one machine, or Trino. */
export interface Engine {
  /** All rows by column, as text. */
  table(sql: string): Promise<Row[]>
}

export interface Asked {
  parameters?: Record<string, unknown>
  from?: string
  to?: string
  runId?: string
}

export interface RunReport {
  ending: Ending
  said: string[]
  statements: string[]
}

/** Runs an analysis to its end, statement by statement, as the state machine does. */
export async function runAnalysis(engine: Engine, analysis: Analysis, asked: Asked = {}): Promise<RunReport> {
  const { parameters = {}, from = '1970-01-01T00:00:00.000Z', to = '2100-01-01T00:00:00.000Z' } = asked
  const answers: Row[][] = []
  const said: string[] = []
  const statements: string[] = []
  let state: RunState = {
    analysis: analysis.name,
    runId: asked.runId ?? '2026-11-23T00:00:00.000Z-test',
    from,
    to,
    parameters: analysis.parameters.parse(parameters),
    startedAt: new Date().toISOString(),
    executions: [],
    bytesScanned: 0,
    failures: 0,
    ending: null,
    isRecorded: false,
  }
  for (;;) {
    const next = await nextStatement(analysis, state, {
      answerTo: (id) => ({ rows: async () => answers[Number(id)] ?? [] }),
      model: retail,
      now: new Date(),
    })
    if (next === null) break
    said.push(...next.said)
    statements.push(next.sql)
    const executionId = String(answers.length)
    answers.push(await engine.table(next.sql))
    state = advance(next.state, { kind: 'succeeded', executionId, bytesScanned: 0 })
  }
  if (!state.ending) throw new Error('a run that is recorded has ended')
  return { ending: state.ending, said, statements }
}
