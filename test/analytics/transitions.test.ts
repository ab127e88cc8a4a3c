import { afterAll, beforeAll, expect, it } from 'vitest'
import { transitions } from '../../functions/analytics/transitions/analysis.ts'
import { type JourneyLake, startJourneyLake } from '../lake/journey-lake.ts'
import { journeysOf, randomPeople } from './people.ts'
import { event, hourMs, lakeRows, medianOf, near, on, order, resultsOf, sorted } from './world.ts'

let lake: JourneyLake

beforeAll(async () => {
  lake = await startJourneyLake()
})
afterAll(() => lake?.close())

const justNow = (hours: number) => new Date(Date.now() - hours * hourMs).toISOString()

const people = [
  event('ada', on('03-01', 10), 'email', 'email_open'),
  event('ada', on('03-01', 12), 'web', 'view_item'),
  event('ada', on('03-02', 10), 'store', 'purchase', order('A1', 10)),
  event('ada', on('03-03', 10), 'email', 'feedback', { feedback: { nps: 9 } }),
  event('ben', on('03-05', 10), 'email', 'email_open'),
  event('ben', on('03-05', 14), 'web', 'view_item'),
  event('cleo', justNow(2), 'web', 'view_item'),
  event('cleo', justNow(1.5), 'app', 'view_item'),
  event('cleo', justNow(1), 'app', 'view_item'),
]

it('counts consecutive touchpoints on different channels, with the time between and how many convert', async () => {
  await lake.hold(lakeRows(people))
  expect(await resultsOf(lake, transitions)).toEqual([
    // One converted, one was given up: after 2 and 4 hours.
    transition('email', 'web', {
      transitions: 2,
      journeys: 2,
      share: 1,
      conversion_rate: 0.5,
      median_hours: 3,
    }),
    // After the purchase it says nothing of how many convert.
    transition('store', 'email', { conversion_rate: null, median_hours: 24 }),
    // The journey is still open.
    transition('web', 'app', { share: 0.5, conversion_rate: null, median_hours: 0.5 }),
    transition('web', 'store', { share: 0.5, conversion_rate: 1, median_hours: 22 }),
  ])
})

it('counts those whose second touchpoint is in the window, though the first is not', async () => {
  const found = await resultsOf(lake, transitions, { from: on('03-01', 12), to: on('03-02', 10) })
  expect(found).toEqual([transition('email', 'web', { conversion_rate: 1, median_hours: 2 })])
})

it('a journey that goes the same way twice counts once among journeys', async () => {
  const times = [1, 2, 4, 5].map((hours, index) =>
    event('dora', on('04-01', hours), index % 2 ? 'web' : 'email', index % 2 ? 'view_item' : 'email_open'),
  )
  await lake.hold(lakeRows(times))
  expect(await resultsOf(lake, transitions)).toEqual([
    transition('email', 'web', { transitions: 2, conversion_rate: 0, median_hours: 1 }),
    transition('web', 'email', { conversion_rate: 0, median_hours: 2 }),
  ])
})

it('without journeys there are no transitions', async () => {
  await lake.hold([])
  expect(await resultsOf(lake, transitions)).toEqual([])
})

it('of anything that may happen is what the journeys themselves say', async () => {
  const told = randomPeople({ seed: 5, count: 25 })
  await lake.hold(told.rows)
  const found = await resultsOf(lake, transitions)
  expect(found).toEqual(sorted(counted(told)))
  expect(found.length).toBeGreaterThan(5)
  expect(
    found.some(({ conversion_rate }) => Number(conversion_rate) > 0 && Number(conversion_rate) < 1),
  ).toBe(true)
})

function counted(told: ReturnType<typeof randomPeople>) {
  const pairs = journeysOf(told).flatMap(({ journeyId, status, steps, purchaseAt }) =>
    steps.slice(1).flatMap((step, index) => {
      const before = steps[index]
      if (!before || before.channel === step.channel) return []
      const hours = (Date.parse(step.time) - Date.parse(before.time)) / hourMs
      const isOver = purchaseAt !== null && index + 1 > purchaseAt
      return [{ from: before.channel, to: step.channel, journeyId, status, hours, isOver }]
    }),
  )
  return [...Map.groupBy(pairs, ({ from, to }) => `${from} ${to}`).values()].map((own) => {
    const [{ from, to } = { from: '', to: '' }] = own
    const journeys = (list: typeof own) => new Set(list.map(({ journeyId }) => journeyId)).size
    const ended = own.filter(({ status, isOver }) => status !== 'open' && !isOver)
    const converted = ended.filter(({ status }) => status === 'converted')
    return transition(from, to, {
      transitions: own.length,
      journeys: journeys(own),
      share: near(own.length / pairs.filter((pair) => pair.from === from).length),
      conversion_rate: ended.length > 0 ? near(journeys(converted) / journeys(ended)) : null,
      median_hours: near(medianOf(own.map(({ hours }) => hours))),
    })
  })
}

function transition(from_channel: string, to_channel: string, more: object) {
  return {
    from_channel,
    to_channel,
    ...{ transitions: 1, journeys: 1, share: 1, conversion_rate: null },
    ...more,
  }
}
