import { z } from 'zod'
import { maintenanceStatements } from '../../functions/lake/maintenance.ts'
import type { Row } from '../../functions/lake/row.ts'
import { lakeTables } from '../../functions/lake/tables.ts'
import type { Trino } from '../trino/client.ts'
import { createLake, insertRows } from '../trino/trino-lake.ts'
import { answeringFirehose, watchRecords } from './lake-firehose.ts'
import { createPublishing, windowsOf } from './lake-publishing.ts'
import { sizeOf } from './lake-questions.ts'
import { type Column, printTable } from './report.ts'

const touchpoints = 100_000
/** All of it in so many days: as many a day as a larger retailer has. */
const denseDays = 3
const measured = ['touchpoint_log', 'identity_map', 'journey_log'] as const

/** Bytes of a touchpoint in the lake, with all that comes with it, before and after the nightly upkeep. */
export async function benchSize(url: string, count = touchpoints): Promise<void> {
  console.log(`lake-trino: ${count} touchpoints of the retail mix through publish (3 to 5 minutes)`)
  const sparse = await createLake(url, 'sparse')
  await publishInto(sparse, count)
  const dense = await createLake(url, 'dense')
  for (const { name, fields, partitionedBy } of lakeTables) {
    const columns = fields.map((field) =>
      field.name === partitionedBy?.column ? moved(field.name) : field.name,
    )
    await dense.query(`insert into ${name} select ${columns.join(', ')} from sparse.${name}`)
  }
  for (const [name, lake] of [
    [`over ${Math.round(count / 400)} days`, sparse],
    [`over ${denseDays} days`, dense],
  ] as const)
    await measureLake(lake, `lake-trino: ${count} touchpoints ${name}`, count)
}

async function measureLake(lake: Trino, title: string, count: number): Promise<void> {
  const sizes: Column[][] = []
  const look = async (when: string, names: readonly string[]) => {
    for (const name of names) {
      await lake.query(`alter table ${name} execute optimize(file_size_threshold => '1GB')`)
      const [files, megabytes, perRow] = await sizeOf(lake, name)
      const rows = Math.round((megabytes * 1e6) / perRow)
      sizes.push([`${name}${when}`, files, rows, perRow, (megabytes * 1e6) / count])
    }
  }
  await look('', measured)
  await lake.query(maintenanceStatements[0] ?? '')
  await look(', superseded deleted', ['journey_log'])
  printTable(title, ['', 'files', 'rows', 'bytes a row', 'bytes a touchpoint'], sizes)
}

/** Another day at the same time. */
const moved = (column: string) =>
  `${column} - interval '1' day * (date_diff('day', timestamp '2025-01-01', ${column}) / ${denseDays} * ${denseDays})`

const rowSchema: z.ZodType<Row> = z.record(z.string(), z.unknown())

async function publishInto(lake: Trino, count: number): Promise<void> {
  const firehose = answeringFirehose()
  let rows: Row[] = []
  watchRecords(firehose, (records) => {
    rows.push(...records.map((record) => rowSchema.parse(JSON.parse(Buffer.from(record).toString()))))
  })
  const publishing = createPublishing(firehose, 'lake')
  for (let at = 1; at <= count / 100; at++) {
    for (const events of windowsOf(publishing.next()))
      await publishing.publish(await publishing.takeIn(events))
    publishing.exchanges.splice(0)
    if (at % 100 > 0 && at < count / 100) continue
    await insertRows(lake, rows)
    rows = []
  }
}
