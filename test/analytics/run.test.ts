import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { type Analysis, type Answer, Refusal, type Row } from '../../functions/analytics/analysis.ts'
import { advance, nextStatement, type RunState } from '../../functions/analytics/run.ts'
import { retail } from '../../functions/journey/model.ts'

const analysis = (program: Analysis['program']): Analysis => ({
  name: 'counting',
  description: 'Counts',
  results: [],
  order: 'n',
  work: [],
  views: [],
  parameters: z.strictObject({}),
  program,
})

const begun: RunState = {
  analysis: 'counting',
  runId: '2026-11-23T00:00:00.000Z-a',
  from: '1970-01-01T00:00:00.000Z',
  to: '2026-11-23T00:00:00.000Z',
  parameters: {},
  startedAt: '2026-11-23T00:00:00.000Z',
  executions: [],
  bytesScanned: 0,
  failures: 0,
  ending: null,
  isRecorded: false,
}

const answers: Record<string, Row[]> = { first: [{ n: '2' }], second: [], third: [] }
const answerTo = (id: string): Answer => ({ rows: async () => answers[id] ?? [] })
const deps = { answerTo, model: retail, now: new Date('2026-11-23T01:00:00Z') }
const succeeded = (executionId: string) => ({ kind: 'succeeded', executionId, bytesScanned: 10 }) as const
const failed = { kind: 'failed', reason: "no 'column'" } as const

/** Asks for a number, then so many times for something else. */
const counting = analysis(async function* ({ say }) {
  say('it begins')
  const [row] = await (yield 'select n').rows()
  say(`${row?.n} to go`)
  for (let at = 0; at < Number(row?.n); at++) yield `insert ${at}`
})

async function statement(of: Analysis, state: RunState) {
  const next = await nextStatement(of, state, deps)
  if (!next) throw new Error('there is a next statement')
  return next
}

describe('a run', () => {
  it('goes on from the answers that there are, and tells each thing once', async () => {
    const first = await statement(counting, begun)
    expect(first).toMatchObject({ sql: 'select n', said: ['it begins'] })
    const second = await statement(counting, advance(first.state, succeeded('first')))
    expect(second).toMatchObject({ sql: 'insert 0', said: ['2 to go'] })
    const third = await statement(counting, advance(second.state, succeeded('second')))
    expect(third).toMatchObject({ sql: 'insert 1', said: [] })
    const last = await statement(counting, advance(third.state, succeeded('third')))
    expect(last.sql).toMatch(/^insert into analysis_run .*'succeeded'/s)
    // Three statements so far, of 10 bytes each; with this one four queries.
    expect(last.sql).toMatch(/'succeeded', .*30, cast\(null as varchar\), 4$/s)
    const end = advance(last.state, succeeded('fourth'))
    expect(await nextStatement(counting, end, deps)).toBeNull()
    expect(end.ending).toEqual({ status: 'succeeded', reason: null })
  })

  it('asks Athena for a statement under one token, however often the step is taken', async () => {
    const first = await statement(counting, begun)
    expect((await statement(counting, begun)).token).toBe(first.token)
    expect(first.token).toMatch(/^\w{32,128}$/)
    const second = await statement(counting, advance(first.state, succeeded('first')))
    expect(second.token).not.toBe(first.token)
    // What has failed is not answered from what was kept of the failure.
    const again = await statement(counting, advance(first.state, failed))
    expect(again).toMatchObject({ sql: first.sql })
    expect(again.token).not.toBe(first.token)
  })

  it('is given up after three failures of one statement, and recorded with the reason', async () => {
    let state = (await statement(counting, begun)).state
    for (let attempt = 0; attempt < 3; attempt++) state = advance(state, failed)
    const record = await statement(counting, state)
    expect(record.sql).toMatch(/'failed'.*'no ''column'''/s)
    expect(advance(record.state, succeeded('end'))).toMatchObject({
      isRecorded: true,
      ending: { status: 'failed', reason: "no 'column'" },
    })
  })

  it('ends as failed also when that cannot be recorded', async () => {
    let state: RunState = { ...begun, ending: { status: 'succeeded', reason: null } }
    for (let attempt = 0; attempt < 3; attempt++) state = advance(state, failed)
    expect(state).toMatchObject({ isRecorded: true, ending: { status: 'failed' } })
    expect(await nextStatement(counting, state, deps)).toBeNull()
  })

  it('that is refused is recorded with what would be right', async () => {
    const refusing = analysis(async function* () {
      yield 'select 1'
      throw new Refusal('too much; 0.02 would do')
    })
    const next = await statement(refusing, advance(begun, succeeded('first')))
    expect(next.sql).toMatch(/'refused'.*'too much; 0\.02 would do'/s)
    expect(next.state.ending).toEqual({ status: 'refused', reason: 'too much; 0.02 would do' })
  })

  it('with a mistake in its program is no refusal', async () => {
    const broken = analysis(async function* () {
      yield 'select 1'
      throw new TypeError('x is undefined')
    })
    await expect(statement(broken, advance(begun, succeeded('first')))).rejects.toThrow('x is undefined')
  })
})
