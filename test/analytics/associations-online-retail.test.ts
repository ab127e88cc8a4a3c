import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { associations } from '../../functions/analytics/associations/analysis.ts'
import { type JourneyLake, startJourneyLake } from '../lake/journey-lake.ts'
import { hasOnlineRetail, onlineRetailRows } from '../lake/online-retail-rows.ts'
import { runAnalysis } from './run-analysis.ts'

const python = process.env.OMNIJOURNEY_PYTHON ?? ''
const script = join(import.meta.dirname, 'associations-reference.py')

const maybe = z.number().nullable()
const answerSchema = z.object({
  seconds: z.number(),
  baskets: z.number(),
  itemsets: z.array(z.tuple([z.string(), z.number()])),
  rules: z.array(z.tuple([z.string(), z.string(), maybe, maybe, maybe, maybe, maybe])),
})

const isClose = (found: number, expected: number, size = Math.abs(expected)): boolean =>
  Math.abs(found - expected) <= 1e-12 * size

type Found = Readonly<Record<string, string | null>>
type Measures = readonly (number | null)[]

function isSame(
  found: Found | undefined,
  [support, confidence, lift, leverage, conviction = null]: Measures,
) {
  if (!found || !support || !confidence || !lift || typeof leverage !== 'number') return false
  const isConviction =
    conviction === null ? found.conviction === null : isClose(Number(found.conviction), conviction)
  return (
    isClose(Number(found.support), support) &&
    isClose(Number(found.confidence), confidence) &&
    isClose(Number(found.lift), lift) &&
    // A difference of two shares, of which mlxtend rounds each.
    isClose(Number(found.leverage), leverage, support) &&
    isConviction
  )
}

/** The lower the support, the later the run. */
const runOf = (minSupport: number): string => `run-${String(1 / minSupport).padStart(4, '0')}`

const tailsOfScipy = `
import json, sys
from scipy.stats import hypergeom
print(json.dumps([float(hypergeom.sf(k - 1, N, a, c)) for k, a, c, N in json.load(sys.stdin)]))
`

// Skipped where the data set is missing, or OMNIJOURNEY_PYTHON names no interpreter with mlxtend.
describe.runIf(hasOnlineRetail && python !== '')('Online Retail, beside mlxtend', () => {
  let lake: JourneyLake
  let baskets: string[][]

  beforeAll(async () => {
    lake = await startJourneyLake()
    await lake.hold(await onlineRetailRows())
    const rows = await lake.table(
      `select array_join(array_agg(distinct sku), '|') as skus
      from order_line where line_type = 'item' and net_quantity > 0 and sku is not null group by order_key`,
    )
    baskets = rows.map(({ skus }) => skus?.split('|') ?? [])
  }, 240_000)
  afterAll(() => lake?.close())

  const reference = (support: number) =>
    answerSchema.parse(
      JSON.parse(
        execFileSync(python, [script, String(support), '5'], {
          input: baskets.map((basket) => `${JSON.stringify(basket)}\n`).join(''),
          encoding: 'utf8',
          maxBuffer: 2 ** 30,
        }),
      ),
    )

  it.each([0.005])(
    'has the same sets and rules at support %s',
    async (minSupport) => {
      const parameters = { levels: ['sku'], scopes: ['all'], minSupport, minConfidence: 0 }
      const { ending } = await runAnalysis(lake, associations, { parameters, runId: runOf(minSupport) })
      expect(ending).toEqual({ status: 'succeeded', reason: null })
      const expected = reference(minSupport)

      const sets = await lake.table(
        `select array_join(items, '|') as items, support from latest_frequent_itemset`,
      )
      const supports = new Map(sets.map(({ items, support }) => [items ?? '', Number(support)]))
      expect(supports.size).toBe(expected.itemsets.length)
      expect(expected.itemsets.filter(([items, support]) => supports.get(items) !== support)).toEqual([])

      const rows = await lake.table(
        `select array_join(antecedent, '|') as antecedent, array_join(consequent, '|') as consequent,
        support, confidence, lift, leverage, conviction from latest_association_rule`,
      )
      const rules = new Map(rows.map((rule) => [`${rule.antecedent} => ${rule.consequent}`, rule]))
      expect(rules.size).toBe(expected.rules.length)
      const others = expected.rules.filter(
        ([antecedent, consequent, ...measures]) =>
          !isSame(rules.get(`${antecedent} => ${consequent}`), measures),
      )
      expect(others).toEqual([])
    },
    300_000,
  )

  it('has the p values of scipy, as far down as doubles go', async () => {
    const rules = await lake.table(
      `select rule_count, antecedent_count, consequent_count, basket_count, p_value from association_rule
        where run_id = '${runOf(0.005)}'`,
    )
    const values = rules.map((rule) => Object.values(rule).map(Number))
    const input = JSON.stringify(values.map((rule) => rule.slice(0, 4)))
    const expected = z
      .array(z.number())
      .parse(JSON.parse(execFileSync(python, ['-c', tailsOfScipy], { input, encoding: 'utf8' })))
    const pairs = expected.map((theirs, at) => [values[at]?.at(-1) ?? Number.NaN, theirs] as const)
    expect(pairs.length).toBeGreaterThan(2_000)
    expect(Math.min(...expected.filter((p) => p > 1e-300))).toBeLessThan(1e-280)
    const others = pairs.filter(([ours, theirs]) =>
      // Below, doubles have fewer digits.
      theirs < 1e-300 ? !(ours < 1.001e-300) : !(Math.abs(ours - theirs) <= 1e-10 * theirs),
    )
    expect(others).toEqual([])
  }, 300_000)
})
