import { afterAll, beforeAll, expect, it } from 'vitest'
import { associations } from '../../functions/analytics/associations/analysis.ts'
import { upperTail } from '../../functions/analytics/associations/hypergeometric.ts'
import { type JourneyLake, startJourneyLake } from '../lake/journey-lake.ts'
import { type Basket, basketRows } from './associations-baskets.ts'
import { correct } from './associations-miner.ts'
import { runAnalysis } from './run-analysis.ts'

let lake: JourneyLake

beforeAll(async () => {
  lake = await startJourneyLake()
}, 60_000)
afterAll(() => lake.close())

const times = (count: number, channel: string, ...items: string[]): Basket[] =>
  Array.from({ length: count }, () => ({ items, channel }))

/** Lamps and bulbs go together in stores, pots and lids on the web. */
const baskets = [
  ...times(8, 'store', 'bulb', 'lamp'),
  ...times(2, 'store', 'lamp'),
  ...times(10, 'store', 'pot'),
  ...times(1, 'web', 'bulb', 'lamp'),
  ...times(4, 'web', 'lamp'),
  ...times(5, 'app', 'lamp'),
  ...times(6, 'web', 'lid', 'pot'),
  ...times(9, 'call_center', 'bulb', 'pot'),
]

const contrast = () => lake.table('select * from association_contrast order by level, antecedent, consequent')

it('compares stores with all that is online, both ways, with how likely the difference is by chance', async () => {
  await lake.hold(basketRows(baskets))
  await runAnalysis(lake, associations, { parameters: { levels: ['sku'], minSupport: 5 } })
  const rows = await contrast()
  expect(rows.map(({ antecedent, consequent }) => `${antecedent} => ${consequent}`)).toEqual([
    'bulb => lamp',
    'lamp => bulb',
    'lid => pot',
    'pot => lid',
  ])
  const lampToBulb = rows[1]
  expect(lampToBulb).toEqual({
    level: 'sku',
    antecedent: 'lamp',
    consequent: 'bulb',
    store_rule_count: '8',
    online_rule_count: '1',
    store_confidence: '0.8',
    online_confidence: '0.1',
    store_lift: String((8 * 20) / (10 * 8)).concat('.0'),
    online_lift: String((1 * 16) / (10 * 1)),
    confidence_difference: String(0.8 - 0.1),
    p_value: String(upperTail({ hits: 8, drawn: 10, marked: 9, population: 20 })),
    q_value: expect.any(String),
  })
  // No pot has a lid in a store, and no store has lids.
  expect(rows[2]).toMatchObject({
    store_confidence: null,
    store_lift: null,
    online_confidence: '1.0',
    p_value: '1.0',
  })
  expect(rows[3]).toMatchObject({ store_confidence: '0.0', store_lift: null, p_value: '1.0' })
  expect(rows.map(({ q_value }) => Number(q_value))).toEqual(
    correct(rows.map(({ p_value }) => Number(p_value))).map((q) => expect.closeTo(q, 12)),
  )
}, 30_000)

it('has nothing to compare where nothing is sold on one of the sides, or channels were not asked for', async () => {
  await lake.hold(basketRows(baskets.filter(({ channel }) => channel !== 'store')))
  await runAnalysis(lake, associations, { parameters: { levels: ['sku'], minSupport: 5 } })
  expect(await contrast()).toEqual([])
  await lake.hold(basketRows(baskets))
  await runAnalysis(lake, associations, { parameters: { levels: ['sku'], minSupport: 5, scopes: ['all'] } })
  expect(await contrast()).toEqual([])
}, 30_000)
