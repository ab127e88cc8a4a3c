import { attribution } from '../../functions/analytics/attribution/analysis.ts'
import { pathWork } from '../../functions/analytics/attribution/tables.ts'
import { type Literal, literalText } from '../../functions/analytics/statement.ts'
import { type Path, randomOf, randomPaths } from './markov-paths.ts'
import { type Engine, runAnalysis } from './run-analysis.ts'

/** A journey by one dimension, its money in ten thousandths. */
export interface Journey extends Path {
  /** Of each touch before the purchase. */
  days: number[]
  purchaseValue: string | null
  isKept: boolean
  currency: string | null
  gross: bigint
  net: bigint
}

export function journey(touches: string, more: Partial<Journey> = {}): Journey {
  const told = touches === '' ? [] : touches.split(' ')
  return {
    touches: told,
    days: told.map((_, at) => told.length - at),
    isConversion: true,
    purchaseValue: null,
    isKept: true,
    currency: 'EUR',
    gross: 1_000_000n,
    net: 1_000_000n,
    ...more,
  }
}

export const lost = (touches: string): Journey =>
  journey(touches, { isConversion: false, currency: null, gross: 0n, net: 0n })

/** Journeys that bought for odd amounts, some without a touch, gave some of it back, or did not buy. */
export function randomJourneys(options: Parameters<typeof randomPaths>[0]): Journey[] {
  const random = randomOf(options.seed + 1)
  return randomPaths(options).map((path): Journey => {
    const gross = BigInt(Math.floor(random() * 10_000_000))
    const isKept = random() < 0.8
    const touches = path.isConversion && random() < 0.1 ? [] : path.touches
    const net = isKept ? gross - BigInt(Math.floor(random() * Number(gross) * 0.3)) : 0n
    const purchaseValue = random() < 0.5 ? 'c000' : '(none)'
    const currency = random() < 0.8 ? 'EUR' : 'GBP'
    const days = touches.map(() => random() * 40).sort((a, b) => b - a)
    if (!path.isConversion) return { ...lost(''), touches, days }
    return { touches, days, isConversion: true, purchaseValue, isKept, currency, gross, net }
  })
}

/** Values that mean something to SQL, to lists of text or to the states of a chain. */
const strange = [
  'a, b',
  "it's",
  '(start)',
  '(null)',
  'x\u001fy',
  'na\u00efve \u{1f6d2}',
  '[]',
  'NULL',
  '"q" \\',
]

export const strangeJourneys: readonly Journey[] = strange.flatMap((value, at) => [
  journey('a b', { touches: [value, strange[at + 1] ?? 'a'], purchaseValue: value }),
  { ...lost('a'), touches: [value] },
])

/** Runs the analysis as if these were the journeys of the lake, by channel. */
export async function attributed(
  engine: Engine,
  journeys: readonly Journey[],
  parameters: Record<string, unknown> = {},
  run = `2026-11-23T00:00:00.000Z-${String(++runs).padStart(4, '0')}`,
) {
  const runId = literalText(run)
  const withPaths: Engine = {
    table: async (sql) =>
      sql.includes(`insert into ${pathWork.name} (`)
        ? engine.table(insertText(runId, journeys))
        : engine.table(sql),
  }
  const report = await runAnalysis(withPaths, attribution, {
    runId: run,
    parameters: { dimensions: ['channel'], ...parameters },
  })
  const rowsOf = (table: string) => engine.table(`select * from ${table} where run_id = ${runId}`)
  return { ...report, rowsOf }
}

let runs = 0

function insertText(runId: string, journeys: readonly Journey[]): string {
  const rows = journeys.map((one, at) => {
    const array = (values: readonly Literal[], type: string) =>
      `cast(array[${values.map(literalText).join(', ')}] as array(${type}))`
    const money = (amount: bigint) => `cast(${amount} as decimal(18, 0)) * decimal '0.0001'`
    return `(${[
      runId,
      `'p${at}'`,
      `'j${at}'`,
      "'channel'",
      array(one.touches, 'varchar'),
      array(one.days, 'double'),
      one.isConversion ? literalText(one.purchaseValue ?? '(none)') : 'cast(null as varchar)',
      literalText(one.isConversion),
      literalText(one.isKept),
      one.currency === null ? 'cast(null as varchar)' : literalText(one.currency),
      `cast(${money(one.gross)} as decimal(18, 4))`,
      `cast(${money(one.net)} as decimal(18, 4))`,
    ].join(', ')})`
  })
  const columns = pathWork.fields.map(({ name }) => name)
  return `insert into ${pathWork.name} (${columns.join(', ')}) values ${rows.join(', ')}`
}
