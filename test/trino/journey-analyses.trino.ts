import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import type { Analysis } from '../../functions/analytics/analysis.ts'
import { channelPreferences } from '../../functions/analytics/channel-preferences/analysis.ts'
import { cohorts } from '../../functions/analytics/cohorts/analysis.ts'
import { journeyMap } from '../../functions/analytics/journey-map/analysis.ts'
import { paths } from '../../functions/analytics/paths/analysis.ts'
import { segments } from '../../functions/analytics/segments/analysis.ts'
import { transitions } from '../../functions/analytics/transitions/analysis.ts'
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

const analyses = [transitions, paths, channelPreferences, journeyMap, segments, cohorts]

let athena: Awaited<ReturnType<typeof startAthenaLake>>
let trino: Trino

beforeAll(async () => {
  const rows = retailRows(rules, new Date())
  ;[athena, trino] = await Promise.all([
    startAthenaLake(rows),
    createLake(inject('trino'), 'journey_analyses').then(async (created) => {
      await insertRows(created, rows)
      await createViews(created)
      for (const { name, sql } of analysisViews) await created.query(`create view ${name} as ${sql()}`)
      return created
    }),
  ])
})

afterAll(() => athena?.close())

/** In the order of what identifies a row; doubles may differ in what is left of adding. */
const shown = ({ results, views }: Analysis) => [
  ...results.map(({ name, fields }) => ({
    name: `latest_${name}`,
    keys: fields.flatMap(({ type }, at) => (type === 'double' ? [] : [at + 1])),
  })),
  ...views.map(({ name, columns }) => ({
    name,
    keys: columns.flatMap(({ type }, at) => (type === 'double' ? [] : [at + 1])),
  })),
]

describe.each(analyses)('$name', (analysis) => {
  it.each([
    { runId: '2026-11-23T00:00:00.000Z-all', from: '1970-01-01T00:00:00.000Z' },
    // Windows that cut journeys, and what has happened until half a week ago.
    { runId: '2026-11-24T00:00:00.000Z-part', from: daysAgo(40), to: daysAgo(3.5) },
  ])('finds the same as on Trino, from $from', async ({ to = daysAgo(0), ...asked }) => {
    const [ours, theirs] = await Promise.all(
      [athenaEngine(athena), trinoEngine(trino)].map((engine) =>
        runAnalysis(engine, analysis, { ...asked, to }),
      ),
    )
    expect(theirs?.ending).toEqual({ status: 'succeeded', reason: null })
    expect(ours?.ending).toEqual(theirs?.ending)
    for (const { name, keys } of shown(analysis)) {
      const sql = `select * from ${name} order by ${keys.join(', ')}`
      const [here, there] = await Promise.all([athena.query(sql), trino.query(sql)])
      expect(here.columns).toEqual(there.columns.map((column) => `${column.name} ${athenaType(column)}`))
      const [names, types] = [here.columns, there.columns.map(athenaType)]
      expect(differences({ names, types, ours: here.rows, theirs: athenaRows(there) }), name).toEqual([])
      expect(here.rows.length, name).toBeGreaterThan(3)
    }
  })
})

function daysAgo(days: number): string {
  return new Date(Math.floor(Date.now() / 86_400_000 - days) * 86_400_000).toISOString()
}
