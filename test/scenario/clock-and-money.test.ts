import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { startSystem } from './local-system.ts'

let system: Awaited<ReturnType<typeof startSystem>>
let sent = 0
beforeAll(async () => {
  system = await startSystem()
})
afterAll(() => system.close())

type Sent = { time: string; type: string } & Record<string, unknown>

/** What a customer has done, told in this order and once more, by a clock in New York. */
async function send(customer: string, ...events: Sent[]) {
  const identifiers = [{ type: 'customer_id', value: customer }]
  const told = events.map((event) => ({
    ...{ id: `e${sent++}`, source: 'shop', channel: 'web', identifiers },
    ...event,
  }))
  const again = told.map((event) => ({ ...event, time: inNewYork(event.time) }))
  const lines = [...told, ...again].map((event) => JSON.stringify(event))
  const { accepted, duplicate } = await system.status().then(({ touchpoints }) => touchpoints)
  await system.put(lines, { partitionKey: customer })
  expect(await system.caughtUp(2 * sent)).toMatchObject({
    accepted: accepted + events.length,
    duplicate: duplicate + events.length,
  })
  return system.personOf({ type: 'customer_id', value: customer })
}

/** The same moment, five hours west of UTC. */
const inNewYork = (time: string): string =>
  `${new Date(Date.parse(time) - 5 * 3_600_000).toISOString().slice(0, -1)}-05:00`
const utc = (time: string): string => new Date(time).toISOString()

const journeySchema = z.looseObject({ startedAt: z.string(), touchpointCount: z.number(), value: z.number() })
const orderSchema = z.looseObject({ orderId: z.string().nullable(), at: z.string(), status: z.string() })
const touchpointSchema = z.looseObject({ id: z.string(), time: z.string(), journeyId: z.string().nullable() })
const journeysOf = (personId: string) => system.list(`/v1/customers/${personId}/journeys`, journeySchema)
const ordersOf = (personId: string) => system.list(`/v1/customers/${personId}/orders`, orderSchema)
const viewOf = async (personId: string) => (await system.get(`/v1/customers/${personId}`)).body

describe('clocks', () => {
  it.each([
    ['March', '2026-03-10T12:00:00+01:00', '2026-04-09T13:00:00+02:00', '2026-04-09T13:00:00.001+02:00'],
    ['October', '2025-10-10T12:00:00+02:00', '2025-11-09T11:00:00+01:00', '2025-11-09T11:00:00.001+01:00'],
  ])('put forward or back in %s: a journey is given up after 30 × 24 h', async (name, first, limit, late) => {
    const view = { type: 'view_item' }
    const intime = await send(`intime-${name}`, { time: first, ...view }, { time: limit, ...view })
    expect(await journeysOf(intime)).toMatchObject([{ startedAt: utc(first), touchpointCount: 2 }])
    const toolate = await send(`toolate-${name}`, { time: first, ...view }, { time: late, ...view })
    expect(await journeysOf(toolate)).toMatchObject([
      { startedAt: utc(first), status: 'abandoned', endedAt: utc(first), touchpointCount: 1 },
      { startedAt: utc(late), touchpointCount: 1 },
    ])
  })

  it('that say the same: the purchase comes after the view, the refund last', async () => {
    const time = '2026-03-29T03:00:00+02:00'
    const personId = await send(
      'at-once',
      { id: 'a', time, type: 'refund', order: { id: 'S-1', total: 1 } },
      { id: 'b', time, type: 'purchase', order: { id: 'S-1', total: 5 } },
      { id: 'c', time, type: 'view_item' },
    )
    expect(await journeysOf(personId)).toMatchObject([{ touchpointCount: 3, value: 4 }])
    const touchpoints = await system.list(`/v1/customers/${personId}/timeline`, touchpointSchema)
    expect(touchpoints.map((one) => one.time)).toEqual([utc(time), utc(time), utc(time)])
    expect(new Set(touchpoints.map(({ journeyId }) => journeyId)).size).toBe(1)
  })
})

describe('money', () => {
  it('of purchases without a number, and of what is given back without one', async () => {
    const personId = await send(
      'cash',
      { time: '2026-05-01T23:59:59.999+02:00', type: 'purchase', order: { total: 5 } },
      {
        time: '2026-05-02T00:00:00+02:00',
        type: 'purchase',
        items: [{ sku: 'a', quantity: 3, price: 0.3333 }],
      },
      { time: '2026-05-03T12:00:00+02:00', type: 'refund', order: { total: 0.5, refundId: 'F-1' } },
    )
    expect(await ordersOf(personId)).toMatchObject([
      { orderId: null, total: 1, net: 1, status: 'placed', at: utc('2026-05-02T00:00:00+02:00') },
      { orderId: null, total: 5, net: 5, status: 'placed', returns: [] },
    ])
    expect(await journeysOf(personId)).toMatchObject([{ value: 5 }, { value: 0.5, touchpointCount: 2 }])
    expect(await viewOf(personId)).toMatchObject({
      ...{ orderCount: 2, frequency: 2, monetary: 6, netValue: [{ currency: 'EUR', amount: 5.5 }] },
    })
  })

  it('of several currencies, with refunds before the purchase', async () => {
    const personId = await send(
      'traveller',
      { time: '2026-06-01T10:00:00Z', type: 'refund', order: { id: 'P-1', total: 4 } },
      { time: '2026-06-02T10:00:00Z', type: 'purchase', order: { id: 'P-1', total: 10, currency: 'GBP' } },
      {
        time: '2026-06-03T10:00:00Z',
        type: 'purchase',
        order: { id: 'P-2', total: 0.0449, currency: 'USD' },
      },
      {
        time: '2026-06-04T10:00:00Z',
        type: 'purchase',
        order: { id: 'P-3', total: 0.0001, currency: 'USD' },
      },
      { time: '2026-06-05T10:00:00Z', type: 'refund', order: { id: 'P-3', total: 1, currency: 'GBP' } },
      { time: '2026-06-06T10:00:00Z', type: 'refund', order: { id: 'P-9', total: 0.005 } },
    )
    expect(await viewOf(personId)).toMatchObject({
      netValue: [
        { currency: 'EUR', amount: -0.01 },
        { currency: 'GBP', amount: 5 },
        { currency: 'USD', amount: 0.05 },
      ],
      ...{ orderCount: 3, frequency: 3, monetary: 0.05 },
    })
    expect(await ordersOf(personId)).toMatchObject([
      { orderId: 'P-3', currency: 'USD', total: 0, net: 0, status: 'placed', returns: [] },
      { orderId: 'P-2', currency: 'USD', total: 0.04, net: 0.04 },
      {
        orderId: 'P-1',
        currency: 'GBP',
        total: 10,
        net: 6,
        status: 'partly_returned',
        returns: [{ amount: 4 }],
      },
    ])
    expect((await journeysOf(personId)).map(({ value }) => value)).toEqual([10, 0.04, 0])
  })
})
