import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { createRandom } from '../../infra/demo/random.ts'
import { startSystem } from './local-system.ts'

const touchpointSchema = z.looseObject({
  id: z.string(),
  time: z.string(),
  phase: z.string().nullable(),
  journeyId: z.string().nullable(),
})
const journeySchema = z.looseObject({ journeyId: z.string(), touchpointCount: z.number() })
type Touchpoint = z.output<typeof touchpointSchema>

const count = 3_000
const cookies = ['k-1', 'k-2', 'k-3', 'k-4', 'k-5']
const types = 'view_item view_item search add_to_cart email_sent login purchase refund complaint'.split(' ')
const channels = ['web', 'app', 'store', 'email'] as const
const start = Date.UTC(2024, 0, 1)
const hour = 60 * 60 * 1000

/** Some at the same time, with pauses of two months, on several browsers that nobody knows yet. */
function visits() {
  const random = createRandom(7)
  return Array.from({ length: count }, (_, at) => {
    const type = types[random.below(types.length)] ?? ''
    const isMoney = type === 'purchase' || type === 'refund'
    return {
      id: `t-${at}`,
      source: random.chance(0.5) ? 'web' : 'pos',
      time: new Date(start + Math.floor(at / 3) * hour + Math.floor(at / 1_000) * 1_500 * hour).toISOString(),
      channel: channels[random.below(channels.length)],
      type,
      identifiers: [{ type: 'cookie_id', value: cookies[random.below(cookies.length)] ?? '' }],
      ...(isMoney && random.chance(0.8) && { order: { id: `O-${at - random.below(40)}`, total: 10 } }),
    }
  })
}

/** At last all of them turn out to be one person’s. */
const login = {
  id: 'login',
  source: 'web',
  time: new Date(start + 9_000 * hour).toISOString(),
  channel: 'web',
  type: 'login',
  identifiers: [
    { type: 'customer_id', value: 'c-many' },
    ...cookies.map((value) => ({ type: 'cookie_id', value })),
  ],
}

describe('a customer with thousands of touchpoints on several browsers', () => {
  const events = [...visits(), login]
  let system: Awaited<ReturnType<typeof startSystem>>
  let path: string
  let all: Touchpoint[]

  beforeAll(async () => {
    system = await startSystem()
    const lines = events.map((event) => JSON.stringify(event))
    await system.put(lines.slice(0, -1), { partitionKey: (line) => /k-\d/.exec(String(line))?.[0] ?? '' })
    await system.caughtUp(count)
    await system.put(lines.slice(-1), { partitionKey: 'login' })
    expect(await system.caughtUp(count + 1)).toMatchObject({ accepted: count + 1, duplicate: 0 })
    path = `/v1/customers/${await system.personOf({ type: 'customer_id', value: 'c-many' })}`
    all = await system.list(`${path}/timeline?order=asc&limit=500`, touchpointSchema)
  }, 90_000)
  afterAll(() => system.close())

  it('is one person', async () => {
    const { body } = await system.get(path)
    expect(body).toMatchObject({ touchpointCount: count + 1, customerId: 'c-many' })
    expect(z.object({ aliases: z.array(z.string()) }).parse(body).aliases).toHaveLength(cookies.length)
  })

  it('has each of them on the timeline once, in order, either way round', async () => {
    expect(all.map(({ id }) => id).sort()).toEqual(events.map(({ id }) => id).sort())
    expect(all.map(({ time }) => time)).toEqual(events.map(({ time }) => time))
    const newestFirst = await system.list(`${path}/timeline?limit=500`, touchpointSchema)
    expect(newestFirst.map(({ id }) => id)).toEqual(all.map(({ id }) => id).reverse())
    expect(newestFirst.toReversed()).toEqual(all)
  })

  it('has the same journeys on the timeline as in their list', async () => {
    const journeys = await system.list(`${path}/journeys?limit=100`, journeySchema)
    expect(journeys.length).toBeGreaterThan(200)
    expect(new Set(journeys.map(({ journeyId }) => journeyId)).size).toBe(journeys.length)
    const counted = new Map<string, number>()
    for (const { journeyId } of all)
      if (journeyId !== null) counted.set(journeyId, (counted.get(journeyId) ?? 0) + 1)
    const told = journeys.map(({ journeyId, touchpointCount }) => [journeyId, touchpointCount] as const)
    expect(Object.fromEntries(counted)).toEqual(Object.fromEntries(told))
  })

  it.each([1, 7])('has them on pages of %i too', async (limit) => {
    const [from = '', to = ''] = [all[1_480]?.time, all[1_520]?.time]
    const query = `order=asc&from=${from}&to=${to}&limit=${limit}`
    expect(await system.list(`${path}/timeline?${query}`, touchpointSchema)).toEqual(
      all.filter(({ time }) => time >= from && time <= to),
    )
  })

  it.each<[string, (touchpoint: Touchpoint) => boolean]>([
    ['channel=store', ({ channel }) => channel === 'store'],
    ['type=refund', ({ type }) => type === 'refund'],
    ['type=nothing', () => false],
    ['phase=interest', ({ phase }) => phase === 'interest'],
    ['phase=after_sales&channel=app', ({ phase, channel }) => phase === 'after_sales' && channel === 'app'],
    ['from=2024-03-25T00:00:00Z', ({ time }) => time >= '2024-03-25'],
    [
      'from=2024-03-25T02:00:00%2B02:00&to=2024-06-05T00:30:00Z&type=purchase',
      ({ time, type }) => time >= '2024-03-25' && time <= '2024-06-05T00:30' && type === 'purchase',
    ],
    ['from=2025-01-01T00:00:00Z&to=2024-01-01T00:00:00Z', () => false],
  ])('is filtered by %s', async (query, passes) => {
    const expected = all.filter(passes)
    const oldestFirst = await system.list(`${path}/timeline?order=asc&limit=500&${query}`, touchpointSchema)
    expect(oldestFirst).toEqual(expected)
    const newestFirst = await system.list(`${path}/timeline?limit=99&${query}`, touchpointSchema)
    expect(newestFirst).toEqual(expected.toReversed())
  })
})
