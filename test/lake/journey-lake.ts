import { analysisTables } from '../../functions/analytics/tables.ts'
import { analysisViews } from '../../functions/analytics/views.ts'
import type { Row } from '../../functions/lake/row.ts'
import { lakeTables } from '../../functions/lake/tables.ts'
import type { LakeView } from '../../functions/lake/view.ts'
import { viewText } from '../../functions/lake/view-text.ts'
import { lakeViews } from '../../functions/lake/views.ts'
import { hiveType } from '../../infra/lake-views.ts'
import { database, lakeResources } from '../infra/local/lake/lake-resources.ts'
import { startLake, startPlace } from '../infra/local/lake/local-lake.ts'
import { rules } from './journey-truth.ts'

function viewOf({ name, columns, sql = () => viewText(name, rules) }: LakeView & { sql?: () => string }) {
  const definition = {
    originalSql: sql(),
    columns: columns.map((column) => ({ name: column.name, type: column.type })),
  }
  return {
    DatabaseName: database,
    TableInput: {
      Name: name,
      TableType: 'VIRTUAL_VIEW',
      StorageDescriptor: {
        Columns: columns.map((column) => ({ Name: column.name, Type: hiveType(column.type) })),
      },
      ViewOriginalText: `/* Presto View: ${Buffer.from(JSON.stringify(definition)).toString('base64')} */`,
    },
  }
}

/** The lake with all that the stacks put into it. */
export const resources = () =>
  lakeResources({ views: [...lakeViews, ...analysisViews].map((view) => viewOf(view)) })

/** Firehose takes no more at once. */
const recordsAtOnce = 500

/** A lake with all views of journeys and orders. */
export async function startJourneyLake() {
  const place = await startPlace()
  const lake = await startLake(place, resources())
  return {
    /** Nothing but these rows. */
    async hold(rows: readonly Row[]) {
      for (const { name } of [...lakeTables, ...analysisTables]) await lake.query(`delete from ${name}`)
      for (let at = 0; at < rows.length; at += recordsAtOnce)
        await lake.put([...rows.slice(at, at + recordsAtOnce)])
    },
    /** All rows, by the names of their columns; Athena gives them by the thousand. */
    async read(sql: string) {
      const found: Record<string, string | null>[] = []
      for (;;) {
        const { names = [], rows } = await lake.query(`${sql} offset ${found.length} limit 900`)
        found.push(...rows.map((row) => Object.fromEntries(row.map((value, at) => [names[at] ?? '', value]))))
        if (rows.length < 900) return found
      }
    },
    rows: lake.rows,
    table: lake.table,
    query: lake.query,
    async close() {
      await lake.close()
      await place.close()
    },
  }
}

export type JourneyLake = Awaited<ReturnType<typeof startJourneyLake>>
