import { afterAll, beforeAll, expect, it } from 'vitest'
import { segments } from '../../functions/analytics/segments/analysis.ts'
import { type JourneyLake, startJourneyLake } from '../lake/journey-lake.ts'
import { type Bought, isCustomer, randomShop } from './shop.ts'
import { dayMs, event, lakeRows, near, on, order, resultsOf, sorted } from './world.ts'

let lake: JourneyLake

beforeAll(async () => {
  lake = await startJourneyLake()
})
afterAll(() => lake?.close())

const to = on('07-01', 0)

it('measures what is left of the orders of a year, in the currency of the latest', async () => {
  await lake.hold(
    lakeRows(
      [
        event('ada', '2025-07-01T00:00:00.000Z', 'web', 'purchase', order('A1', 10)),
        event('ada', on('06-01'), 'web', 'purchase', order('A2', 20, { currency: 'GBP' })),
        event('ada', on('06-28', 1), 'store', 'purchase', order('A3', 40)),
        event('ada', on('06-28', 2), 'store', 'refund', order('A3', 15, { refundId: 'R1' })),
        // Given back wholly: as if not bought.
        event('ada', on('06-29'), 'store', 'purchase', order('A4', 40)),
        event('ada', on('06-30'), 'store', 'refund', order('A4', 40, { refundId: 'R2' })),
        // Before and after the year.
        event('ben', '2025-06-30T23:59:59.999Z', 'web', 'purchase', order('B1', 10)),
        event('cleo', to, 'web', 'purchase', order('C1', 10)),
        event('', on('06-01'), 'store', 'purchase', order('N1', 10)),
        event('tablet', on('06-01'), 'store', 'purchase', order('T1', 10)),
      ],
      ['tablet'],
    ),
  )
  const scores = { r: 1, f: 1, m: 1, segment: 'hibernating' }
  expect(await resultsOf(lake, segments, { to })).toEqual([
    { person_id: 'ada', currency: 'EUR', recency_days: 2, frequency: 3, monetary: 35, ...scores },
  ])
  expect(await resultsOf(lake, segments, { to, parameters: { days: 10 } })).toEqual([
    { person_id: 'ada', currency: 'EUR', recency_days: 2, frequency: 1, monetary: 25, ...scores },
  ])
  // The run begins later than that.
  expect(await resultsOf(lake, segments, { to, from: on('06-28', 1.5) })).toEqual([])
})

/** As the contract lists them. */
const listed: [segment: string, r: number[], f: number[]][] = [
  ['champions', [5], [4, 5]],
  ['loyal', [3, 4], [4, 5]],
  ['potential_loyalist', [4, 5], [2, 3]],
  ['new', [5], [1]],
  ['promising', [4], [1]],
  ['need_attention', [3], [3]],
  ['about_to_sleep', [3], [1, 2]],
  ['cant_lose', [1, 2], [5]],
  ['at_risk', [1, 2], [3, 4]],
  ['hibernating', [1, 2], [1, 2]],
]

const segmentsOf = (r: unknown, f: unknown) =>
  listed.filter(([, rs, fs]) => rs.includes(Number(r)) && fs.includes(Number(f))).map(([segment]) => segment)

it('every pair of scores is one segment', async () => {
  const steps = [1, 2, 3, 4, 5]
  const pairs = steps.flatMap((r) => steps.map((f) => ({ r, f })))
  const events = pairs.flatMap(({ r, f }) =>
    Array.from({ length: f }, (_, index) =>
      event(`p${r}${f}`, on(`06-${10 + r}`, 10 - index), 'web', 'purchase', order(`${r}${f}${index}`, 10)),
    ),
  )
  await lake.hold(lakeRows(events))
  const found = await resultsOf(lake, segments, { to })
  expect(found.map(({ person_id, r, f }) => ({ person_id, r, f }))).toEqual(
    pairs.map(({ r, f }) => ({ person_id: `p${r}${f}`, r, f })),
  )
  for (const { r, f, segment } of found) expect([segment], `r ${r} f ${f}`).toEqual(segmentsOf(r, f))
})

it('who is equal shares the lowest rank', async () => {
  const [many, few] = [
    ['a', 'b', 'c', 'd'],
    ['e', 'f'],
  ]
  await lake.hold(
    lakeRows([
      ...many.map((one) => event(one, on('06-01'), 'web', 'purchase', order(one, 10))),
      ...few.map((one) => event(one, on('06-02'), 'web', 'purchase', order(one, 10, { currency: 'GBP' }))),
    ]),
  )
  const found = await resultsOf(lake, segments, { to })
  // Of six the fifth and the sixth are 5th: 1 + floor(5 x 4 / 6). Money is compared within a currency.
  expect(found.map(({ r, f, m }) => [r, f, m])).toEqual([
    ...many.map(() => [1, 1, 1]),
    ...few.map(() => [4, 1, 1]),
  ])
})

it('without orders there are no segments', async () => {
  await lake.hold(lakeRows([event('ada', on('06-01'), 'web', 'view_item')]))
  expect(await resultsOf(lake, segments, { to })).toEqual([])
})

it.each([1, 2, 3])('what it finds in made-up shop %i is what another implementation finds', async (seed) => {
  const shop = randomShop({ seed, count: 30 })
  await lake.hold(shop.rows)
  const until = on('05-20', 12.3)
  const found = await resultsOf(lake, segments, { to: until })
  expect(found).toEqual(sorted(scored(shop.orders, Date.parse(until))))
  expect(new Set(found.map(({ segment }) => segment)).size).toBeGreaterThan(4)
  expect(await resultsOf(lake, segments, { to: until })).toEqual(found)
})

function scored(orders: readonly Bought[], untilMs: number) {
  const counted = orders.filter(
    (one) => isCustomer(one) && one.net > 0 && one.ms >= untilMs - 365 * dayMs && one.ms < untilMs,
  )
  const measured = [...Map.groupBy(counted, ({ personId }) => personId)].flatMap(([person_id, own]) => {
    const latest = own.reduce((one, other) => (other.ms > one.ms ? other : one))
    const { currency } = latest
    const recency_days = Math.floor((untilMs - latest.ms) / dayMs)
    const monetary = own.reduce((sum, one) => sum + (one.currency === currency ? one.net : 0), 0)
    return [{ person_id, currency, recency_days, frequency: own.length, monetary: near(monetary) }]
  })
  return measured.map((one) => {
    const score = (isWorse: (other: typeof one) => boolean, among = measured) =>
      1 + Math.floor((5 * among.filter(isWorse).length) / among.length)
    const r = score((other) => other.recency_days > one.recency_days)
    const f = score((other) => other.frequency < one.frequency)
    const m = score(
      (other) => other.monetary < one.monetary,
      measured.filter(({ currency }) => currency === one.currency),
    )
    return { ...one, r, f, m, segment: segmentsOf(r, f)[0] }
  })
}
