import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { analysisTables, workTables } from '../analytics/tables.ts'
import { lakeTables } from './tables.ts'

const sqlOf = (name: string) => readFileSync(join(import.meta.dirname, 'maintenance', `${name}.sql`), 'utf8')

/**
 * What is done every night, in this order: superseded rows go, small files become large ones without what was deleted,
 * then files that nothing refers to any more go. Athena's words, which Trino does not know.
 */
export const maintenanceStatements: readonly string[] = [
  sqlOf('superseded_journeys'),
  ...lakeTables.map(({ name }) => `optimize ${name} rewrite data using bin_pack`),
  // Of runs that were cut off; the others have cleared up behind them. A run's id begins with its time.
  ...workTables.map(
    ({ name }) => `delete from ${name} where run_id < cast(current_date - interval '1' day as varchar)`,
  ),
  ...[...lakeTables, ...analysisTables].map(({ name }) => `vacuum ${name}`),
]
