import { expect } from 'vitest'
import type { Analysis } from '../../functions/analytics/analysis.ts'
import type { Row } from '../../functions/lake/row.ts'
import type { LakeTable } from '../../functions/lake/table.ts'
import type { Told } from '../lake/journey-events.ts'
import type { JourneyLake } from '../lake/journey-lake.ts'
import { folded, identityRow, touchpointRowOf } from '../lake/journey-truth.ts'
import { type Asked, runAnalysis } from './run-analysis.ts'

export const hourMs = 3_600_000
export const dayMs = 24 * hourMs

let made = 0

/** An event of a node, which is a person of its own; that of nobody is empty. */
export function event(nodeId: string, time: string, channel: string, type: string, more: object = {}): Told {
  const id = String(++made).padStart(6, '0')
  return { id, source: 'shop', time, channel, type, nodeId, fingerprint: `f${id}`, ...more }
}

/** A day of 2026 in UTC, such as `on('03-07', 12.5)`: half past twelve. */
export const on = (day: string, hours = 10): string =>
  new Date(Date.parse(`2026-${day}T00:00:00Z`) + hours * hourMs).toISOString()

export const at = (storeId: string) => ({ location: { storeId } })
export const about = (...categories: string[]) => ({
  items: categories.map((category) => ({ sku: category, category, quantity: 1, price: 1 })),
})
export const order = (id: string, total: number, more: object = {}) => ({
  order: { id, total, currency: 'EUR', ...more },
})

/** The rows that tell the lake of these events and of the journeys that they make. */
export function lakeRows(events: readonly Told[], sharedDevices: readonly string[] = []): Row[] {
  const now = new Date()
  const byNode = Map.groupBy(events, ({ nodeId }) => nodeId)
  byNode.delete('')
  return [
    ...events.map((told) => touchpointRowOf(told)),
    ...[...byNode].flatMap(([nodeId, own]) => {
      const kind = sharedDevices.includes(nodeId) ? 'shared_device' : 'person'
      const journeys = folded(own, { personId: nodeId, kind }, now).rows(1)
      return [identityRow({ node_id: nodeId, person_id: nodeId, kind }), ...journeys]
    }),
  ]
}

export type Value = string | number | boolean | null

let runs = 0

/** Runs it and reads what it has found: numbers as numbers, the rest as text; without the run. */
export async function resultsOf(
  lake: JourneyLake,
  analysis: Analysis,
  { table: name = analysis.results[0]?.name, ...asked }: Asked & { table?: string } = {},
): Promise<Record<string, Value>[]> {
  const runId = `2026-11-23T00:00:00.000Z-${String(++runs).padStart(4, '0')}`
  const report = await runAnalysis(lake, analysis, { runId, ...asked })
  expect(report.ending).toEqual({ status: 'succeeded', reason: null })
  for (const work of analysis.work)
    expect(await lake.rows(`select count(*) from ${work.name}`), work.name).toEqual([['0']])
  const table = analysis.results.find((result) => result.name === name)
  if (!table) throw new Error(`${analysis.name} has no result ${name}`)
  const rows = await lake.table(`select * from latest_${table.name}`)
  return sorted(rows.map((row) => typedRow(row, table)))
}

const numeric = ['int', 'long', 'double', 'money']

function typedRow(
  row: Readonly<Record<string, string | null>>,
  { fields }: LakeTable,
): Record<string, Value> {
  return Object.fromEntries(
    fields.slice(1).map(({ name, type }): [string, Value] => {
      const value = row[name] ?? null
      return [
        name,
        value !== null && typeof type === 'string' && numeric.includes(type) ? near(value) : value,
      ]
    }),
  )
}

/** What is left of adding in another order is nothing to compare. */
export const near = (value: number | string): number => Number(Number(value).toPrecision(10))

/** Rows in an order of their own. */
export const sorted = <T extends object>(rows: readonly T[]): T[] =>
  [...rows].sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1))

/** The one in the middle, or the mean of the two. */
export function medianOf(values: readonly number[]): number {
  const ordered = [...values].sort((a, b) => a - b)
  const [lower = Number.NaN, upper = Number.NaN] = [
    ordered[Math.ceil(ordered.length / 2) - 1],
    ordered[Math.floor(ordered.length / 2)],
  ]
  return (lower + upper) / 2
}
