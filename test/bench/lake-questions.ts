import { athenaPrice } from '../../infra/cost/prices.ts'
import type { Trino } from '../trino/client.ts'
import { createLake } from '../trino/trino-lake.ts'
import { createViews } from '../trino/views.ts'
import { fillLargeLake } from './lake-large.ts'
import { type Column, printTable } from './report.ts'

const dayMs = 86_400_000
const scale = { touchpoints: 10_000_000, days: 90 }

/** Questions to the views of a large lake: how long, and how many bytes are read for them. */
export async function benchQuestions(url: string, { touchpoints, days } = scale): Promise<void> {
  const trino = await createLake(url, 'large')
  const startedMs = performance.now()
  const seconds = () => Math.round((performance.now() - startedMs) / 1000)
  const lastDay = new Date(Math.floor(Date.now() / dayMs - 1) * dayMs)
  await fillLargeLake(trino, { touchpoints, days, lastDay }, (what) =>
    console.log(`  made ${what}, ${seconds()} s`),
  )
  const problems = await createViews(trino)
  if (problems.size > 0) throw new Error(`views that Trino does not take: ${[...problems.keys()].join(', ')}`)

  const [[all = 0, purchases = 0, refunds = 0] = []] = await numbersOf(
    trino,
    "select count(*), count_if(type = 'purchase'), count_if(type = 'refund') from touchpoint_log",
  )
  const [[nodes = 0, persons = 0] = []] = await numbersOf(
    trino,
    'select count(*), count(distinct person_id) from identity_map',
  )
  const [[journeys = 0] = []] = await numbersOf(trino, 'select count(*) from journey_log')
  const sizes: Column[][] = []
  for (const table of ['touchpoint_log', 'identity_map', 'journey_log'])
    sizes.push([table, ...(await sizeOf(trino, table))])
  const who = `${persons} persons of ${nodes} nodes, ${journeys} journeys`
  printTable(
    `lake-trino: ${all} touchpoints of ${days} days, ${purchases} orders, ${refunds} refunds, ${who}`,
    ['', 'files', 'MB', 'bytes a row'],
    sizes,
  )
  const answered: Column[][] = []
  for (const [name, sql] of questionsAsOf(lastDay)) {
    console.log(`  asks: ${name}`)
    answered.push([name, ...(await ask(trino, sql))])
  }
  printTable(
    'lake-trino: questions to the views',
    ['', 's', 'MB read', 'peak memory MB', '$ on Athena'],
    answered,
  )
}

function questionsAsOf(lastDay: Date): [string, string][] {
  const since = `timestamp '${new Date(lastDay.getTime() - 6 * dayMs).toISOString().slice(0, 10)} 00:00:00'`
  const byChannel = 'select channel, sum(net_amount) from order_line'
  return [
    ['touchpoints', 'select count(*) from touchpoint'],
    ['touchpoints of 7 days', `select count(*) from touchpoint where event_time >= ${since}`],
    ['revenue by channel', `${byChannel} group by channel`],
    ['revenue by channel, 7 days', `${byChannel} where order_time >= ${since} group by channel`],
    ['journeys by status', 'select status, count(*) from journey group by 1'],
    ['net revenue by month', "select date_trunc('month', order_time), sum(net) from sales_order group by 1"],
  ]
}

async function ask(trino: Trino, sql: string): Promise<Column[]> {
  try {
    const { stats } = await trino.query(sql)
    const { elapsedTimeMillis: ms, physicalInputBytes: bytes, peakMemoryBytes: memory } = stats
    return [ms / 1000, bytes / 1e6, memory / 1e6, athenaPrice(bytes).toFixed(5)]
  } catch (error) {
    return [String(error).slice(0, 90), '', '', '']
  }
}

/** Files of data, without those that tell what is deleted; megabytes; bytes a row. */
export async function sizeOf(trino: Trino, table: string): Promise<[number, number, number]> {
  const files = `select count(*), sum(file_size_in_bytes), sum(record_count) from "${table}$files" where content = 0`
  const [[count = 0, bytes = 0, rows = 0] = []] = await numbersOf(trino, files)
  return [count, bytes / 1e6, bytes / rows]
}

async function numbersOf(trino: Trino, sql: string): Promise<number[][]> {
  return (await trino.query(sql)).rows.map((row) => row.map(Number))
}
