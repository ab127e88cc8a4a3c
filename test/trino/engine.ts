import type { Engine } from '../analytics/run-analysis.ts'
import type { startAthenaLake } from './athena-lake.ts'
import { athenaRows } from './athena-text.ts'
import type { Trino } from './client.ts'

/** Analyses run on it as they run on Athena. */
export const trinoEngine = (trino: Trino): Engine => ({
  async table(sql) {
    const result = await trino.query(sql)
    return athenaRows(result).map((row) => byName(result.columns, row))
  },
})

export const athenaEngine = (lake: Awaited<ReturnType<typeof startAthenaLake>>): Engine => ({
  async table(sql) {
    const { columns, rows } = await lake.query(sql)
    // A column is its name and its type.
    const names = columns.map((column) => ({ name: column.replace(/ \S+$/, '') }))
    return rows.map((row) => byName(names, row))
  },
})

const byName = (columns: readonly { name: string }[], row: readonly (string | null)[]) =>
  Object.fromEntries(columns.map(({ name }, at) => [name, row[at] ?? null]))
