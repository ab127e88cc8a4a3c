import { afterAll, beforeAll, expect, it } from 'vitest'
import { journeyMap } from '../../functions/analytics/journey-map/analysis.ts'
import { type JourneyLake, startJourneyLake } from '../lake/journey-lake.ts'
import { journeysOf, randomPeople } from './people.ts'
import { event, hourMs, lakeRows, medianOf, near, on, order, resultsOf, sorted } from './world.ts'

let lake: JourneyLake

beforeAll(async () => {
  lake = await startJourneyLake()
})
afterAll(() => lake?.close())

const people = [
  event('ada', on('03-01', 10), 'web', 'view_item', { feedback: { rating: 4, sentiment: 0.5 } }),
  event('ada', on('03-01', 12), 'web', 'search', { feedback: { rating: 5 } }),
  event('ada', on('03-02', 10), 'web', 'purchase', order('A1', 10)),
  event('ada', on('03-03', 10), 'call_center', 'complaint', { feedback: { nps: 2, sentiment: -0.25 } }),
  event('ada', on('03-04', 10), 'call_center', 'refund', order('A1', 10, { refundId: 'R1' })),
  event('ada', on('03-05', 10), 'call_center', 'feedback', { feedback: { nps: 9 } }),
  event('ben', on('03-05', 10), 'store', 'scan_item'),
  event('ben', on('03-05', 13), 'web', 'view_item'),
  event('ben', on('03-05', 14), 'web', 'login'),
  // Belongs to no journey.
  event('cleo', on('03-05', 10), 'email', 'email_sent', { feedback: { nps: 0 } }),
]

it('tells of each phase on each channel what happens there and how it is experienced', async () => {
  await lake.hold(lakeRows(people))
  expect(await resultsOf(lake, journeyMap)).toEqual([
    place('after_sales', 'call_center', {
      touchpoints: 3,
      median_hours: 48,
      nps: 5.5,
      sentiment: -0.25,
      pain_points: 2,
    }),
    place('desire', 'store', {}),
    // Ada at once, Ben after three hours; a login has no phase.
    place('interest', 'web', { touchpoints: 3, journeys: 2, median_hours: 1.5, rating: 4.5, sentiment: 0.5 }),
    place('purchase', 'web', { median_hours: 24 }),
  ])
})

it('counts touchpoints in the window, and hours since the journey began', async () => {
  const found = await resultsOf(lake, journeyMap, { from: on('03-01', 12), to: on('03-05', 10) })
  expect(found).toEqual([
    place('after_sales', 'call_center', {
      touchpoints: 2,
      median_hours: 48,
      nps: 2,
      sentiment: -0.25,
      pain_points: 2,
    }),
    place('interest', 'web', { median_hours: 2, rating: 5 }),
    place('purchase', 'web', { median_hours: 24 }),
  ])
})

it('without journeys there is no map', async () => {
  await lake.hold(lakeRows(people.filter(({ nodeId }) => nodeId === 'cleo')))
  expect(await resultsOf(lake, journeyMap)).toEqual([])
})

it('of anything that may happen is what the journeys themselves say', async () => {
  const told = randomPeople({ seed: 9, count: 25 })
  await lake.hold(told.rows)
  const found = await resultsOf(lake, journeyMap)
  expect(found).toEqual(sorted(drawn(told)))
  expect(found.length).toBeGreaterThan(10)
  expect(found.some(({ pain_points }) => Number(pain_points) > 0)).toBe(true)
})

function drawn(told: ReturnType<typeof randomPeople>) {
  const touches = journeysOf(told).flatMap(({ journeyId, startedAt, steps }) =>
    steps.map(({ phase, channel, type, time, feedback }) => {
      const hours = (Date.parse(time) - Date.parse(startedAt)) / hourMs
      return { journeyId, phase, channel, type, hours, nps: npsOf(feedback) }
    }),
  )
  const placed = touches.filter(({ phase }) => phase !== null)
  return [...Map.groupBy(placed, ({ phase, channel }) => `${phase} ${channel}`)].map(([name, own]) => {
    const [phase = '', channel = ''] = name.split(' ')
    const byJourney = [...Map.groupBy(own, ({ journeyId }) => journeyId).values()]
    const said = own.flatMap(({ nps }) => (nps === null ? [] : [nps]))
    return place(phase, channel, {
      touchpoints: own.length,
      journeys: byJourney.length,
      median_hours: near(medianOf(byJourney.map((of) => Math.min(...of.map(({ hours }) => hours))))),
      nps: said.length > 0 ? near(said.reduce((sum, nps) => sum + nps, 0) / said.length) : null,
      pain_points: own.filter(({ type }) => ['complaint', 'refund', 'cancellation'].includes(type)).length,
    })
  })
}

function npsOf(feedback: unknown): number | null {
  if (typeof feedback !== 'object' || feedback === null || !('nps' in feedback)) return null
  return Number(feedback.nps)
}

function place(phase: string, channel: string, more: object) {
  const nothing = { nps: null, rating: null, sentiment: null, pain_points: 0 }
  return { phase, channel, touchpoints: 1, journeys: 1, median_hours: 0, ...nothing, ...more }
}
