import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { z } from 'zod'
import { associations } from '../../functions/analytics/associations/analysis.ts'
import { runAnalysis } from '../analytics/run-analysis.ts'
import { type JourneyLake, startJourneyLake } from '../lake/journey-lake.ts'
import { hasOnlineRetail, onlineRetailRows } from '../lake/online-retail-rows.ts'
import { type Column, printTable } from './report.ts'

const python = process.env.OMNIJOURNEY_PYTHON ?? ''

/** Rules of Online Retail by SQL on DuckDB, beside mlxtend's and Spark's FP-growth: the same baskets, sets and rules. */
export async function benchAssociations(): Promise<void> {
  if (!hasOnlineRetail)
    return console.log('associations: without Online Retail there is nothing to measure\n')
  console.log('associations: Online Retail into the lake (a minute)')
  const lake = await startJourneyLake()
  try {
    await lake.hold(await onlineRetailRows())
    const baskets = await basketsOf(lake)
    const rows: Column[][] = []
    for (const support of [0.01, 0.005]) rows.push(...(await measure(lake, baskets, support)))
    printTable(
      `associations: ${baskets.length} baskets, all sizes, one item as the consequent`,
      ['', 's', 'of omnijourney', 'sets', 'rules'],
      rows,
    )
  } finally {
    await lake.close()
  }
}

async function basketsOf(lake: JourneyLake): Promise<string[][]> {
  const rows = await lake.table(`
    select array_join(array_agg(distinct sku), '|') as skus from order_line
    where line_type = 'item' and net_quantity > 0 and sku is not null group by order_key`)
  return rows.map(({ skus }) => skus?.split('|') ?? [])
}

async function measure(lake: JourneyLake, baskets: string[][], support: number): Promise<Column[][]> {
  const own = await ownFigures(lake, support)
  const name = (of: string) => `support ${support * 100}%, ${of}`
  const rows: Column[][] = [
    [name('omnijourney, from baskets'), own.seconds, 1, own.sets, own.rules],
    [
      name('omnijourney, reading orders too'),
      own.wholeSeconds,
      own.wholeSeconds / own.seconds,
      own.sets,
      own.rules,
    ],
  ]
  if (python === '') {
    console.log('associations: without OMNIJOURNEY_PYTHON nothing is compared')
    return rows
  }
  const input = baskets.map((basket) => `${JSON.stringify(basket)}\n`).join('')
  const mlxtend = mlxtendSchema.parse(
    ask(join('..', 'analytics', 'associations-reference.py'), [String(support), '100'], input),
  )
  rows.push([
    name('mlxtend fpgrowth'),
    mlxtend.seconds,
    mlxtend.seconds / own.seconds,
    mlxtend.itemsets.length,
    mlxtend.rules.length,
  ])
  const spark = sparkSchema.parse(ask('spark-fpgrowth.py', [String(support)], input))
  rows.push([name('Spark FPGrowth'), spark.seconds, spark.seconds / own.seconds, spark.itemsets, spark.rules])
  return rows
}

const mlxtendSchema = z.object({
  seconds: z.number(),
  itemsets: z.array(z.unknown()),
  rules: z.array(z.unknown()),
})
const sparkSchema = z.object({ seconds: z.number(), itemsets: z.number(), rules: z.number() })

function ask(script: string, given: string[], input: string): unknown {
  const answer = execFileSync(python, [join(import.meta.dirname, script), ...given], {
    input,
    encoding: 'utf8',
    maxBuffer: 2 ** 30,
    // Both tell of much that is no error.
    stdio: ['pipe', 'pipe', 'ignore'],
  })
  return JSON.parse(answer)
}

async function ownFigures(lake: JourneyLake, minSupport: number) {
  const times: number[] = []
  const timed = {
    async table(sql: string) {
      const startedMs = performance.now()
      const rows = await lake.table(sql)
      times.push(performance.now() - startedMs)
      return rows
    },
  }
  const startedMs = performance.now()
  const parameters = { levels: ['sku'], scopes: ['all'], minSupport, minConfidence: 0, maxLength: 10 }
  // Of its own, and later the smaller the support is: the latest one is counted.
  const runId = `${1 / minSupport}`.padStart(8, '0')
  const { ending } = await runAnalysis(timed, associations, { parameters, runId })
  const wholeMs = performance.now() - startedMs
  if (ending.status !== 'succeeded') throw new Error(String(ending.reason))
  const [counts] = await lake.table(`
    select (select count(*) from latest_frequent_itemset) as sets,
      (select count(*) from latest_association_rule) as rules`)
  // The first statement reads the orders; the others begin with baskets, as mlxtend and Spark do.
  const [readingMs = 0] = times
  return {
    seconds: (wholeMs - readingMs) / 1000,
    wholeSeconds: wholeMs / 1000,
    sets: Number(counts?.sets),
    rules: Number(counts?.rules),
  }
}
