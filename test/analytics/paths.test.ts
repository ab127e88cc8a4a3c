import { afterAll, beforeAll, expect, it } from 'vitest'
import { paths } from '../../functions/analytics/paths/analysis.ts'
import { type JourneyLake, startJourneyLake } from '../lake/journey-lake.ts'
import { journeysOf, randomPeople } from './people.ts'
import { about, at, event, lakeRows, near, on, order, resultsOf, sorted } from './world.ts'

let lake: JourneyLake

beforeAll(async () => {
  lake = await startJourneyLake()
})
afterAll(() => lake?.close())

const people = [
  event('ada', on('03-01', 9), 'email', 'email_open'),
  event('ada', on('03-01', 10), 'web', 'view_item'),
  event('ada', on('03-01', 11), 'web', 'add_to_cart'),
  event('ada', on('03-02', 10), 'store', 'purchase', { ...order('A1', 10), ...about('Lamps'), ...at('B') }),
  // Afterwards: no part of the path.
  event('ada', on('03-03', 10), 'email', 'feedback'),
  event('ben', on('03-01', 9), 'email', 'email_open'),
  event('ben', on('03-01', 10), 'web', 'view_item'),
  event('ben', on('03-02', 10), 'store', 'purchase', { ...order('B1', 5, { currency: 'GBP' }), ...at('B') }),
  // Looked in two stores, bought lamps and pots online and picked them up.
  event('cleo', on('03-10', 9), 'store', 'scan_item', at('B')),
  event('cleo', on('03-10', 10), 'store', 'scan_item', at('K')),
  event('cleo', on('03-10', 12), 'web', 'purchase', {
    ...order('C1', 7, { fulfilment: 'pickup' }),
    ...about('Lamps', 'Pots'),
  }),
  // Reached after he had gone: that did not prolong it.
  event('dan', on('04-01', 9), 'email', 'email_open'),
  event('dan', on('04-01', 10), 'web', 'view_item'),
  event('dan', on('04-02', 10), 'sms', 'email_sent'),
  event('eve', new Date(Date.now() - 3_600_000).toISOString(), 'web', 'view_item'),
]

it('tells by which channels ended journeys went, and what came of it in each currency', async () => {
  await lake.hold(lakeRows(people))
  expect(await resultsOf(lake, paths)).toEqual([
    { path: '[email, web, store]', journeys: 2, conversions: 1, currency: 'EUR', value: 10 },
    { path: '[email, web, store]', journeys: 2, conversions: 1, currency: 'GBP', value: 5 },
    { path: '[email, web]', journeys: 1, conversions: 0, currency: null, value: 0 },
    { path: '[store, web]', journeys: 1, conversions: 1, currency: 'EUR', value: 7 },
  ])
})

it('shows the most frequent ones, and of long ones the end', async () => {
  const found = await resultsOf(lake, paths, { parameters: { limit: 2, maxLength: 2 } })
  expect(found.map(({ path, journeys }) => [path, journeys])).toEqual([
    // Before the one of one journey that was given up.
    ['[store, web]', 1],
    ['[…, web, store]', 2],
    ['[…, web, store]', 2],
  ])
})

it('counts journeys that ended in the window, with all of their path', async () => {
  const found = await resultsOf(lake, paths, { from: on('03-10', 12), to: on('04-01', 10) })
  expect(found.map(({ path }) => path)).toEqual(['[store, web]'])
  const later = await resultsOf(lake, paths, { from: on('04-01', 10), to: on('05-01') })
  expect(later.map(({ path }) => path)).toEqual(['[email, web]'])
})

it('patterns: of all journeys that converted, by category and by store', async () => {
  const found = await resultsOf(lake, paths, { table: 'journey_pattern' })
  const row = (
    pattern: string,
    category: string | null,
    store_id: string | null,
    journeys: number,
    share: number,
  ) => ({
    ...{ pattern, category, store_id, journeys, share: near(share) },
  })
  expect(found).toEqual(
    sorted([
      row('webroomer', null, null, 2, 2 / 3),
      row('showroomer', null, null, 1, 1 / 3),
      row('click_and_collect', null, null, 1, 1 / 3),
      row('webroomer', 'Lamps', null, 1, 0.5),
      row('showroomer', 'Lamps', null, 1, 0.5),
      row('click_and_collect', 'Lamps', null, 1, 0.5),
      row('showroomer', 'Pots', null, 1, 1),
      row('click_and_collect', 'Pots', null, 1, 1),
      row('webroomer', null, 'B', 2, 2 / 3),
      row('showroomer', null, 'B', 1, 1 / 3),
      row('click_and_collect', null, 'B', 1, 1 / 3),
      row('showroomer', null, 'K', 1, 1),
      row('click_and_collect', null, 'K', 1, 1),
    ]),
  )
})

it('without journeys there are neither paths nor patterns', async () => {
  await lake.hold([])
  expect(await resultsOf(lake, paths)).toEqual([])
  expect(await resultsOf(lake, paths, { table: 'journey_pattern' })).toEqual([])
})

it.each([{ limit: 0 }, { maxLength: 1.5 }, { length: 3 }])('refuses %j', (parameters) => {
  expect(paths.parameters.safeParse(parameters).success).toBe(false)
})

it('of anything that may happen is what the journeys themselves say', async () => {
  const told = randomPeople({ seed: 7, count: 25 })
  await lake.hold(told.rows)
  const found = await resultsOf(lake, paths)
  expect(found).toEqual(sorted(counted(told)))
  expect(found.length).toBeGreaterThan(10)
})

function counted(told: ReturnType<typeof randomPeople>) {
  const ended = journeysOf(told).flatMap(({ status, endedAt, purchaseAt, steps, order: bought, value }) => {
    if (status === 'open' || endedAt === null) return []
    const until = steps.filter(({ time }, index) =>
      purchaseAt === null ? time <= endedAt : index <= purchaseAt,
    )
    const channels = until.map(({ channel }) => channel)
    const path = channels.filter((channel, index) => channel !== channels[index - 1])
    const currency = bought ? (bought.currency ?? 'EUR') : null
    return [{ path: `[${path.join(', ')}]`, currency, value }]
  })
  return [...Map.groupBy(ended, ({ path }) => path)].flatMap(([path, journeys]) => {
    const converted = journeys.filter(({ currency }) => currency !== null)
    const row = (currency: string | null, of: typeof journeys) => ({
      ...{ path, journeys: journeys.length, conversions: of.length, currency },
      value: near(of.reduce((sum, { value }) => sum + value, 0)),
    })
    if (converted.length === 0) return [row(null, [])]
    return [...Map.groupBy(converted, ({ currency }) => currency)].map(([currency, of]) => row(currency, of))
  })
}
