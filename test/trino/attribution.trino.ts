import { afterAll, beforeAll, expect, inject, it } from 'vitest'
import { attribution } from '../../functions/analytics/attribution/analysis.ts'
import { attributed, randomJourneys, strangeJourneys } from '../analytics/attribution-paths.ts'
import { runAnalysis } from '../analytics/run-analysis.ts'
import { startAthenaLake } from './athena-lake.ts'
import { athenaRows, athenaType } from './athena-text.ts'
import type { Trino } from './client.ts'
import { differences } from './differences.ts'
import { athenaEngine, trinoEngine } from './engine.ts'
import { retailRows } from './retail-rows.ts'
import { createLake, insertRows } from './trino-lake.ts'
import { createViews, rules } from './views.ts'

let athena: Awaited<ReturnType<typeof startAthenaLake>>
let trino: Trino

beforeAll(async () => {
  const rows = retailRows(rules, new Date())
  ;[athena, trino] = await Promise.all([
    startAthenaLake(rows),
    createLake(inject('trino'), 'attribution').then(async (created) => {
      await insertRows(created, rows)
      await createViews(created)
      return created
    }),
  ])
})

afterAll(() => athena?.close())

const dayMs = 86_400_000
const daysAgo = (days: number): string =>
  new Date(Math.floor(Date.now() / dayMs - days) * dayMs).toISOString()

it.each([
  { runId: '2026-11-23T00:00:00.000Z-all', from: '1970-01-01T00:00:00.000Z', to: daysAgo(0) },
  { runId: '2026-11-24T00:00:00.000Z-part', from: daysAgo(40), to: daysAgo(3.5) },
])('finds the same as on Trino, from $from', async (asked) => {
  await Promise.all(engines().map((engine) => runAnalysis(engine, attribution, asked)))
  expect(await expectSame()).toBeGreaterThan(300)
})

it.each([3, 4])('credits random journeys as on Trino, %i', async (seed) => {
  const journeys = [...randomJourneys({ seed, count: 200, values: 6 }), ...strangeJourneys]
  await Promise.all(engines().map((engine) => attributed(engine, journeys, {}, `2027-0${seed}`)))
  expect(await expectSame()).toBeGreaterThan(100)
})

const engines = () => [athenaEngine(athena), trinoEngine(trino)]

/** @returns how many rows there are in the results of all runs so far */
async function expectSame(): Promise<number> {
  let rows = 0
  for (const { name, fields } of attribution.results) {
    const keys = fields.flatMap(({ type }, at) => (type === 'double' ? [] : [at + 1]))
    const sql = `select * from ${name} order by ${keys.join(', ')}`
    const [here, there] = await Promise.all([athena.query(sql), trino.query(sql)])
    const [names, types] = [here.columns, there.columns.map(athenaType)]
    expect(differences({ names, types, ours: here.rows, theirs: athenaRows(there) }), name).toEqual([])
    expect(here.rows.length, name).toBeGreaterThan(10)
    rows += here.rows.length
  }
  return rows
}
