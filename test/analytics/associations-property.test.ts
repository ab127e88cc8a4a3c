import fc from 'fast-check'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { associations } from '../../functions/analytics/associations/analysis.ts'
import { upperTail } from '../../functions/analytics/associations/hypergeometric.ts'
import { type JourneyLake, startJourneyLake } from '../lake/journey-lake.ts'
import { basketRows } from './associations-baskets.ts'
import { correct, mine } from './associations-miner.ts'
import { runAnalysis } from './run-analysis.ts'

let lake: JourneyLake

beforeAll(async () => {
  lake = await startJourneyLake()
}, 60_000)
afterAll(() => lake.close())

/** Some of which sort otherwise in another order of letters. */
const items = ['a', 'B', 'Ä', 'b c', 'z', 'É1', '10']

const world = fc.record({
  baskets: fc.array(
    fc.record({
      items: fc.uniqueArray(fc.constantFrom(...items), { minLength: 1, maxLength: 7 }),
      channel: fc.constantFrom('web', 'store', 'app'),
    }),
    { minLength: 1, maxLength: 25 },
  ),
  minSupport: fc.constantFrom(1, 2, 3, 0.05, 0.2, 1 / 3, 0.5),
  minConfidence: fc.constantFrom(0, 0.5, 1),
  maxLength: fc.integer({ min: 4, max: 7 }),
  maxConsequent: fc.integer({ min: 1, max: 3 }),
})

const rounded = (value: number | null): number | string =>
  value === null ? 'null' : Number(value.toFixed(10))
const figure = (text: string | null | undefined) => rounded(typeof text === 'string' ? Number(text) : null)

/** By their codes, as SQL compares texts. */
const byCodes = (a: readonly unknown[], b: readonly unknown[]): number =>
  Buffer.compare(Buffer.from(String(a[0])), Buffer.from(String(b[0])))

it('are those that a look at all subsets finds, in each scope', async () => {
  await fc.assert(
    fc.asyncProperty(world, async ({ baskets, minSupport, ...asked }) => {
      await lake.hold(basketRows(baskets))
      const parameters = { levels: ['sku'], scopes: ['all', 'channel'], minSupport, ...asked }
      const { ending } = await runAnalysis(lake, associations, { parameters })
      expect(ending).toEqual({ status: 'succeeded', reason: null })
      const sets = await lake.table('select * from latest_frequent_itemset')
      const rules = await lake.table('select * from latest_association_rule')
      for (const scope of ['all', 'channel=web', 'channel=store', 'channel=app']) {
        const inScope = baskets.filter(({ channel }) => scope === 'all' || scope === `channel=${channel}`)
        const expected = mine(
          inScope.map((basket) => basket.items),
          {
            ...asked,
            isFrequent: (count, all) =>
              minSupport < 1 ? count / all >= minSupport && count >= 2 : count >= minSupport,
          },
        )
        expect(
          sets
            .filter((set) => set.scope === scope)
            .map((set) => [set.items, set.itemset_count, figure(set.support)])
            .sort(byCodes),
        ).toEqual(
          expected.itemsets
            .map((set) => [`[${set.items.replaceAll(',', ', ')}]`, String(set.count), rounded(set.support)])
            .sort(byCodes),
        )
        const p = expected.all.map(({ count, antecedentCount, consequentCount }) =>
          upperTail({
            hits: count,
            drawn: antecedentCount,
            marked: consequentCount,
            population: inScope.length,
          }),
        )
        const q = correct(p)
        expect(
          rules
            .filter((rule) => rule.scope === scope)
            .map((rule) => [
              `${rule.antecedent} => ${rule.consequent}`,
              ...[rule.support, rule.confidence, rule.lift, rule.leverage, rule.conviction].map(figure),
              ...[rule.p_value, rule.q_value].map(figure),
            ])
            .sort(byCodes),
        ).toEqual(
          expected.all
            .map(({ rule, support, confidence, lift, leverage, conviction }, at) => ({
              confidence,
              row: [
                rule
                  .split(' => ')
                  .map((side) => `[${side.replaceAll(',', ', ')}]`)
                  .join(' => '),
                ...[support, confidence, lift, leverage, conviction, p[at] ?? null, q[at] ?? null].map(
                  rounded,
                ),
              ],
            }))
            .filter(({ confidence }) => confidence >= asked.minConfidence)
            .map(({ row }) => row)
            .sort(byCodes),
        )
      }
    }),
    { numRuns: 12 },
  )
}, 200_000)
