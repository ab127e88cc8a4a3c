import type { FieldType } from '../../functions/lake/column.ts'
import { lakeTables } from '../../functions/lake/tables.ts'
import { startLake, startPlace } from '../infra/local/lake/local-lake.ts'
import { printLakeCost } from './lake-cost.ts'
import { benchDelay } from './lake-delay.ts'
import { benchPublish } from './lake-publish.ts'
import { printTable } from './report.ts'

const rows = 40_000
const batchSize = 500
const questions = [
  'select 1',
  'select count(*) from touchpoint_log',
  'select channel, count(*), sum(order_total) from touchpoint_log group by channel',
  'select sku, sum(quantity * price) from touchpoint_log cross join unnest(items) group by sku',
  'select node_id, array_agg(channel order by event_time) from touchpoint_log group by node_id',
  'select * from touchpoint_log',
]

/** The lake: the one of this machine, what publish does for it, how soon it knows, and what it costs on AWS. */
export async function benchLake(): Promise<void> {
  console.log('lake: rows into the Firehose of this machine; in all it takes 5 to 10 minutes')
  await benchRows()
  const uses = await benchPublish()
  await benchDelay()
  printLakeCost(uses)
}

/** How many rows a second it takes, and how soon it answers. */
async function benchRows(): Promise<void> {
  const place = await startPlace()
  let lake = await startLake(place)
  let next = 0
  const batch = (size: number) => Array.from({ length: size }, () => touchpoint(next++))
  const seconds = async (work: () => Promise<unknown>) => {
    const startedMs = performance.now()
    await work()
    return (performance.now() - startedMs) / 1000
  }
  const putAll = async () => {
    for (let at = 0; at < rows; at += batchSize) await lake.put(batch(batchSize))
  }
  const single = async () => {
    for (let at = 0; at < 50; at++) await lake.put(batch(1))
  }
  try {
    const bytes = JSON.stringify(batch(batchSize)).length / batchSize
    const written = await seconds(putAll)
    const alone = await seconds(single)
    printTable(
      `lake: rows of ${Math.round(bytes)} bytes into touchpoint_log`,
      ['', 'ms a request', 'rows/s'],
      [
        [`${rows} rows, ${batchSize} a request`, (1000 * written * batchSize) / rows, rows / written],
        ['one row a request', (1000 * alone) / 50, 50 / alone],
      ],
    )
    const answered: [string, number, number][] = []
    for (const sql of questions) {
      const took = await seconds(() => lake.query(sql))
      const { execution } = await lake.query(sql)
      answered.push([sql, took * 1000, (execution.Statistics?.DataScannedInBytes ?? 0) / 1e6])
    }
    printTable(`lake: questions to ${next} rows`, ['', 'ms', 'MB scanned'], answered)
    await lake.kill()
    const back = await seconds(async () => {
      lake = await startLake(place)
    })
    printTable('lake: back after a kill', ['', 'ms'], [['until it answers', back * 1000]])
  } finally {
    await lake.close()
    await place.close()
  }
}

const [table] = lakeTables

/** Every column that most events have, the others in one of four. */
function touchpoint(at: number): Record<string, unknown> {
  const fields = table?.fields ?? []
  return Object.fromEntries(
    fields.map(({ name, type }, column) => [name, column > 10 && at % 4 > 0 ? null : sample(type, at)]),
  )
}

function sample(type: FieldType, at: number): unknown {
  if (typeof type === 'object') {
    const { element } = type
    if (typeof element === 'string') return [sample(element, at)]
    const item = Object.fromEntries(element.fields.map((field) => [field.name, sample(field.type, at)]))
    return [item, item]
  }
  switch (type) {
    case 'string':
      return `text ${at % 5_000}`
    case 'boolean':
      return at % 50 === 0
    case 'timestamp':
      return 1_760_000_000_000_000 + at * 1_000_000
    case 'date':
      return 20_000 + (at % 365)
    case 'money':
    case 'quantity':
    case 'double':
      return (at % 1_000) / 8
    default:
      return at % 11
  }
}
