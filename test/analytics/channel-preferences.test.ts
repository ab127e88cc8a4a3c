import { afterAll, beforeAll, expect, it } from 'vitest'
import { channelPreferences } from '../../functions/analytics/channel-preferences/analysis.ts'
import { type JourneyLake, startJourneyLake } from '../lake/journey-lake.ts'
import { randomShop } from './shop.ts'
import { about, dayMs, event, lakeRows, near, on, order, resultsOf, sorted } from './world.ts'

let lake: JourneyLake

beforeAll(async () => {
  lake = await startJourneyLake()
})
afterAll(() => lake?.close())

const to = on('07-01', 0)
const before = (days: number) => new Date(Date.parse(to) - days * dayMs).toISOString()

const people = [
  event('ada', before(90), 'web', 'view_item', about('Lamps', 'Lamps', 'Pots')),
  event('ben', before(180), 'store', 'scan_item', about('Lamps')),
  event('ben', before(90), 'web', 'purchase', { ...order('B1', 10), ...about('Lamps') }),
  event('ben', before(89), 'web', 'refund', { ...order('B1', 10, { refundId: 'R1' }), ...about('Lamps') }),
  // Of nobody, and of an order that has no items.
  event('', before(180), 'store', 'purchase', order('N1', 10)),
  // Neither the retailer reaching out nor what has no early phase, nor a refund of what nobody knows.
  event('ada', before(1), 'email', 'email_sent', about('Lamps')),
  event('ada', before(1), 'app', 'login'),
  event('ada', before(1), 'call_center', 'complaint', about('Pots')),
  event('ada', before(1), 'store', 'refund', order('unknown', 5)),
  event('ada', to, 'app', 'view_item', about('Lamps')),
]

it('weighs interactions and orders of all by their age, overall and by category', async () => {
  await lake.hold(lakeRows(people))
  expect(await resultsOf(lake, channelPreferences, { to })).toEqual(
    sorted([
      // A half against a quarter.
      row(null, 'web', [1, 2 / 3], [1, 2 / 3]),
      row(null, 'store', [1, 1 / 3], [1, 1 / 3]),
      row('Lamps', 'web', [1, 2 / 3], [1, 1]),
      row('Lamps', 'store', [1, 1 / 3], [0, 0]),
      row('Pots', 'web', [1, 1], [0, null]),
    ]),
  )
})

it('counts what is in the window; the half-life can be another', async () => {
  const found = await resultsOf(lake, channelPreferences, {
    from: before(180),
    to: before(30),
    parameters: { halfLifeDays: 45 },
  })
  expect(found.slice(-2)).toEqual([
    row(null, 'store', [1, 0.2], [1, 0.2]),
    row(null, 'web', [1, 0.8], [1, 0.8]),
  ])
  const later = await resultsOf(lake, channelPreferences, { from: before(179), to })
  expect(later.map(({ channel }) => channel)).toEqual(['web', 'web', 'web'])
})

it('without touchpoints there is nothing to prefer', async () => {
  await lake.hold([])
  expect(await resultsOf(lake, channelPreferences, { to })).toEqual([])
})

it.each([7, 8])('what it finds in made-up shop %i is what another implementation finds', async (seed) => {
  const shop = randomShop({ seed, count: 30 })
  await lake.hold(shop.rows)
  const until = on('05-20', 12.3)
  const found = await resultsOf(lake, channelPreferences, { to: until })
  expect(found).toEqual(sorted(weighed(shop, Date.parse(until))))
  expect(found.length).toBeGreaterThan(12)
  expect(await resultsOf(lake, channelPreferences, { to: until })).toEqual(found)
})

function weighed({ orders, touches }: ReturnType<typeof randomShop>, untilMs: number) {
  const early = ['view_item', 'email_open', 'add_to_cart']
  const kinds = [touches.filter(({ type }) => early.includes(type)), orders].map((all) =>
    all.filter(({ ms }) => ms < untilMs),
  )
  return [null, 'Lamps', 'Pots', 'Home/Textiles'].flatMap((category) => {
    const own = kinds.map((all) =>
      all.filter(({ categories }) => category === null || categories.includes(category)),
    )
    const weight = (all: readonly { ms: number }[]) =>
      all.reduce((sum, { ms }) => sum + 0.5 ** ((untilMs - ms) / (90 * dayMs)), 0)
    const told = (all: (typeof kinds)[number] | undefined, channel: string): [number, number | null] => {
      const here = (all ?? []).filter((one) => one.channel === channel)
      return [here.length, all?.length ? weight(here) / weight(all) : null]
    }
    const channels = new Set(own.flat().map(({ channel }) => channel))
    return [...channels].map((channel) =>
      row(category, channel, told(own[0], channel), told(own[1], channel)),
    )
  })
}

type Told = [count: number, share: number | null]

function row(
  category: string | null,
  channel: string,
  [interactions, looking]: Told,
  [purchases, buying]: Told,
) {
  return {
    ...{ category, channel, interactions, purchases },
    interaction_share: looking === null ? null : near(looking),
    purchase_share: buying === null ? null : near(buying),
  }
}
