import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import { associations, createAssociations } from '../../functions/analytics/associations/analysis.ts'
import { analysisViews } from '../../functions/analytics/views.ts'
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
  ;[athena, trino] = await Promise.all([startAthenaLake(rows), loadedTrino(rows)])
})

afterAll(() => athena?.close())

const shown = [
  'latest_frequent_itemset',
  'latest_association_rule',
  'latest_association_side',
  'association_contrast',
]

async function loadedTrino(rows: ReturnType<typeof retailRows>): Promise<Trino> {
  const created = await createLake(inject('trino'), 'associations')
  await insertRows(created, rows)
  await createViews(created)
  for (const { name, sql } of analysisViews)
    if (shown.includes(name)) await created.query(`create view ${name} as ${sql()}`)
  return created
}

describe('association rules', () => {
  it.each([
    { runId: '2026-11-23T00:00:00.000Z-a', parameters: {}, least: [300, 300, 40, 40] },
    {
      runId: '2026-11-24T00:00:00.000Z-b',
      parameters: {
        levels: ['sku', 'brand'],
        minSupport: 2,
        maxLength: 6,
        maxConsequent: 3,
        minConfidence: 0.4,
      },
      least: [100, 20, 4, 4],
    },
    { runId: '2026-11-25T00:00:00.000Z-c', parameters: { minSupport: 0.999 }, least: [0, 0, 0, 0] },
  ])('are the same on Trino, with $parameters', async ({ runId, parameters, least }) => {
    const [here, there] = await Promise.all(
      engines().map((engine) => runAnalysis(engine, associations, { runId, parameters })),
    )
    expect(here?.ending).toEqual({ status: 'succeeded', reason: null })
    expect(here?.said).toEqual(there?.said)
    for (const [at, name] of shown.entries())
      expect(await expectSame(name)).toBeGreaterThanOrEqual(least[at] ?? 0)
  })

  it.each([
    { candidates: 5, rules: 1_000_000 },
    { candidates: 500_000_000, rules: 5 },
  ])('are refused with the same words on Trino, with limits of %j', async (limits) => {
    const asked = { runId: '2026-11-26T00:00:00.000Z-d', parameters: { levels: ['category'], minSupport: 2 } }
    const [here, there] = await Promise.all(
      engines().map((engine) => runAnalysis(engine, createAssociations(limits), asked)),
    )
    expect(here?.ending.status).toBe('refused')
    expect(here?.ending).toEqual(there?.ending)
  })
})

const engines = () => [athenaEngine(athena), trinoEngine(trino)]

/** @returns how many rows there are */
async function expectSame(name: string): Promise<number> {
  const columns = analysisViews.find((view) => view.name === name)?.columns ?? []
  const keys = columns.flatMap(({ type }, at) => (type === 'double' ? [] : [at + 1]))
  const sql = `select * from ${name} order by ${keys.join(', ')}`
  const [here, there] = await Promise.all([athena.query(sql), trino.query(sql)])
  const [names, types] = [here.columns, there.columns.map(athenaType)]
  expect(differences({ names, types, ours: here.rows, theirs: athenaRows(there) }), name).toEqual([])
  return here.rows.length
}
