import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { startSystem } from './local-system.ts'

let system: Awaited<ReturnType<typeof startSystem>>
/** How many events the system has been sent. */
let sent = 0
beforeAll(async () => {
  system = await startSystem()
})
afterAll(() => system.close())

const start = Date.now() - 200 * 86_400_000
const at = (hours: number) => new Date(start + hours * 3_600_000).toISOString()
type Identifier = { type: string; value: string }
const customer = (value: string): Identifier => ({ type: 'customer_id', value })
const cookie = (value: string): Identifier => ({ type: 'cookie_id', value })

type Sent = { hours: number; type: string; identifiers?: Identifier[] } & Record<string, unknown>

async function send(...events: Sent[]) {
  const lines = events.map(({ hours, ...event }) =>
    JSON.stringify({ id: `e${sent++}`, source: 'shop', time: at(hours), channel: 'web', ...event }),
  )
  await system.put(lines, { partitionKey: 'one' })
  await system.caughtUp(sent)
}

const orderSchema = z.strictObject({
  orderId: z.string().nullable(),
  personId: z.string().nullable(),
  at: z.string(),
  channel: z.string(),
  storeId: z.string().nullable(),
  fulfilment: z.string().nullable(),
  status: z.string(),
  deliveredAt: z.string().nullable(),
  pickedUpAt: z.string().nullable(),
  currency: z.string(),
  total: z.number(),
  net: z.number(),
  items: z.array(
    z.strictObject({
      sku: z.string(),
      name: z.string().nullable(),
      quantity: z.number(),
      price: z.number().nullable(),
      returnedQuantity: z.number(),
    }),
  ),
  returns: z.array(
    z.strictObject({
      refundId: z.string().nullable(),
      at: z.string(),
      channel: z.string(),
      amount: z.number(),
    }),
  ),
})

const ask = (orderId: string) => system.get(`/v1/orders/${encodeURIComponent(orderId)}`)
async function orderOf(orderId: string) {
  const { status, body } = await ask(orderId)
  expect({ status, body }).toMatchObject({ status: 200 })
  return orderSchema.parse(body)
}
const ordersOf = (personId: string, query = '') =>
  system.list(`/v1/customers/${personId}/orders${query}`, orderSchema)
const problem = (status: number, detail: RegExp) => ({
  status,
  contentType: 'application/problem+json',
  body: { type: 'about:blank', title: expect.any(String), status, detail: expect.stringMatching(detail) },
})

const lamp = { sku: 'lamp', name: 'Lamp', price: 40 }
const pot = { sku: 'pot', quantity: 2, price: 5 }
const store = { channel: 'store', location: { storeId: 'B-MITTE' } }

describe('an order', () => {
  it('bought online, delivered and partly returned in the store', async () => {
    const identifiers = [customer('returner')]
    await send(
      { hours: 0, type: 'view_item', identifiers },
      {
        ...{ hours: 1, type: 'purchase', identifiers, items: [lamp, pot] },
        order: { id: 'W-1', total: 54.9, shipping: 4.9, fulfilment: 'ship' },
      },
      { hours: 50, type: 'delivery', identifiers, order: { id: 'W-1' } },
      {
        ...{ hours: 90, type: 'refund', identifiers, ...store, items: [{ sku: 'pot', price: 5 }] },
        order: { id: 'W-1', refundId: 'G-1' },
      },
    )
    const personId = await system.personOf(customer('returner'))
    const order = {
      orderId: 'W-1',
      personId,
      at: at(1),
      channel: 'web',
      storeId: null,
      fulfilment: 'ship',
      status: 'partly_returned',
      deliveredAt: at(50),
      pickedUpAt: null,
      currency: 'EUR',
      total: 54.9,
      net: 49.9,
      items: [
        { sku: 'lamp', name: 'Lamp', quantity: 1, price: 40, returnedQuantity: 0 },
        { sku: 'pot', name: null, quantity: 2, price: 5, returnedQuantity: 1 },
      ],
      returns: [{ refundId: 'G-1', at: at(90), channel: 'store', amount: 5 }],
    }
    expect(await orderOf('W-1')).toEqual(order)
    expect(await ordersOf(personId)).toEqual([order])
    const { body } = await system.post('/v1/customers/lookup', {
      ...customer('returner'),
      include: ['orders'],
    })
    expect(body).toEqual({ personId, orders: [order] })
  })

  it('reserved online and collected in the store', async () => {
    const identifiers = [customer('collector')]
    const order = { id: 'C-1', total: 40, fulfilment: 'pickup' }
    await send(
      { hours: 1, type: 'purchase', identifiers, order, items: [lamp] },
      { hours: 5, type: 'pickup', identifiers, ...store, order: { id: 'C-1' } },
    )
    expect(await orderOf('C-1')).toMatchObject({
      ...{ fulfilment: 'pickup', pickedUpAt: at(5), deliveredAt: null },
      ...{ storeId: null, status: 'placed' },
    })
  })

  it('given back before it was bought, as clocks may have it', async () => {
    const identifiers = [customer('early')]
    await send({ hours: 1, type: 'refund', identifiers, order: { id: 'E-1', total: 15 } })
    expect(await ask('E-1')).toMatchObject(problem(404, /no order/))
    await send({ hours: 2, type: 'purchase', identifiers, order: { id: 'E-1', total: 40 } })
    expect(await orderOf('E-1')).toMatchObject({
      ...{ status: 'partly_returned', total: 40, net: 25 },
      returns: [{ at: at(1), amount: 15 }],
    })
  })

  it('reported by two systems, is one', async () => {
    const identifiers = [customer('twice')]
    await send(
      { hours: 2, type: 'purchase', identifiers, order: { id: 'T-1', total: 50 }, items: [lamp, pot] },
      { hours: 1, type: 'purchase', source: 'till', identifiers, ...store, order: { id: 'T-1' } },
    )
    const order = await orderOf('T-1')
    expect(order).toMatchObject({ at: at(1), channel: 'store', storeId: 'B-MITTE', total: 50 })
    expect(order.items).toHaveLength(2)
    expect(await ordersOf(order.personId ?? '')).toEqual([order])
  })

  it('without a number is listed', async () => {
    await send(
      { hours: 0, type: 'login', identifiers: [cookie('numberless')] },
      { hours: 1, type: 'login', identifiers: [customer('numberless')] },
      { hours: 2, type: 'login', identifiers: [customer('numberless'), cookie('numberless')] },
      { hours: 3, type: 'purchase', identifiers: [cookie('numberless')], items: [lamp] },
      { hours: 4, type: 'purchase', identifiers: [customer('numberless')], order: { total: 3 } },
    )
    const personId = await system.personOf(customer('numberless'))
    expect(await ordersOf(personId)).toMatchObject([
      { orderId: null, personId, at: at(4), total: 3, items: [] },
      { orderId: null, personId, at: at(3), total: 40, items: [{ sku: 'lamp' }] },
    ])
  })

  it('of nobody is found, until a person has bought under that number', async () => {
    await send(
      { hours: 5, type: 'purchase', ...store, order: { id: 'K-1' }, items: [lamp] },
      { hours: 6, type: 'refund', ...store, order: { id: 'K-1', total: 10 } },
      { hours: 7, type: 'refund', ...store, order: { id: 'K-2', total: 10 } },
    )
    expect(await orderOf('K-1')).toMatchObject({
      ...{ orderId: 'K-1', personId: null, at: at(5), storeId: 'B-MITTE', status: 'partly_returned' },
      ...{ total: 40, net: 30, returns: [{ amount: 10 }] },
    })
    expect(await ask('K-2')).toMatchObject(problem(404, /no order/))
    const identifiers = [customer('known')]
    await send({ hours: 9, type: 'purchase', identifiers, order: { id: 'K-1', total: 7 } })
    const personId = await system.personOf(customer('known'))
    expect(await orderOf('K-1')).toMatchObject({ personId, at: at(9), total: 7, returns: [] })
  })

  it('of several persons is that of the earliest', async () => {
    const bought = (name: string, hours: number) =>
      send({ hours, type: 'purchase', identifiers: [customer(name)], order: { id: 'S-1', total: hours } })
    await bought('same-2', 2)
    await bought('same-1', 1)
    await bought('same-3', 3)
    expect(await orderOf('S-1')).toMatchObject({
      personId: await system.personOf(customer('same-1')),
      total: 1,
    })
  })

  it('that was voided is cancelled', async () => {
    const identifiers = [customer('voider')]
    await send(
      { hours: 1, type: 'purchase', identifiers, ...store, order: { id: 'V-1' }, items: [lamp, pot] },
      { hours: 2, type: 'cancellation', identifiers, ...store, order: { id: 'V-1' } },
    )
    expect(await orderOf('V-1')).toMatchObject({
      ...{ status: 'cancelled', total: 50, net: 0 },
      items: [{ returnedQuantity: 1 }, { returnedQuantity: 2 }],
      returns: [{ refundId: null, amount: 50 }],
    })
  })

  it('for a test is not known', async () => {
    const test = { hours: 1, type: 'purchase', test: true, order: { id: 'X-1', total: 1 } }
    await send({ ...test, identifiers: [customer('tester')] }, test)
    expect(await ask('X-1')).toMatchObject(problem(404, /no order/))
  })

  it('on a shared device is listed with that', async () => {
    const identifiers = [{ type: 'device_id', value: 'kiosk-9' }]
    await send({ hours: 0, type: 'view_item', identifiers })
    const mark = JSON.stringify({ ...identifiers[0], reason: 'stands in the shop' })
    await system.ask('/v1/identifiers/shared', { method: 'PUT', body: mark })
    await send(
      { hours: 1, type: 'purchase', identifiers, order: { id: 'D-1', total: 1 } },
      { hours: 2, type: 'purchase', identifiers, order: { total: 2 } },
      { hours: 3, type: 'purchase', identifiers, order: { id: 'D-1', total: 3 } },
      { hours: 4, type: 'purchase', identifiers, order: { id: 'D-4', total: 4 } },
      { hours: 5, type: 'refund', identifiers, order: { id: 'D-1', total: 1 } },
    )
    const personId = await system.personOf({ type: 'device_id', value: 'kiosk-9' })
    const orders = await ordersOf(personId)
    expect(orders).toMatchObject([
      { orderId: 'D-4', status: 'placed' },
      { orderId: null, total: 2 },
      { orderId: 'D-1', total: 1, status: 'returned' },
    ])
    expect(await ordersOf(personId, '?limit=1')).toEqual(orders)
    expect(await orderOf('D-1')).toEqual(orders[2])
  })
})

describe('the number of an order', () => {
  const long = 'ä'.repeat(700)
  it.each([
    ['a slash', 'B/4711/1'],
    ['an umlaut', 'Bär-Straße'],
    ['a percent sign', '100%25-1'],
    ['a question mark, a hash and a space', 'what? #1'],
    ['control characters and quotes', 'a\u0001b\n"\''],
    ['more than a key may have', long],
    ['hardly another one', `${long}x`],
    ['a dot', '.a.'],
  ])('may have %s', async (_, orderId) => {
    const identifiers = [customer(`named-${sent}`)]
    await send(
      { hours: 1, type: 'purchase', identifiers, order: { id: orderId, total: 1 } },
      { hours: 1, type: 'purchase', ...store, order: { id: `nobody ${orderId}`, total: 2 } },
    )
    expect(await orderOf(orderId)).toMatchObject({ orderId, total: 1, personId: expect.any(String) })
    expect(await orderOf(`nobody ${orderId}`)).toMatchObject({ total: 2, personId: null })
  })
})

describe('the orders of persons that are joined and parted', () => {
  it('go with the person', async () => {
    const names = ['join-1', 'join-2']
    await send(
      ...names.map((name, index) => ({
        ...{ hours: 2 + index, type: 'purchase', identifiers: [customer(name)] },
        ...{ order: { id: `J-${index + 1}`, total: 10 }, items: [lamp] },
      })),
    )
    const [a = '', b = ''] = await Promise.all(names.map((name) => system.personOf(customer(name))))
    const before = [await orderOf('J-1'), await orderOf('J-2')]
    expect(before.map(({ personId }) => personId)).toEqual([a, b])

    const { body } = await system.post(`/v1/customers/${a}/merges`, { with: b, reason: 'one person' })
    const { personId, mergeId } = z.object({ personId: z.string(), mergeId: z.string() }).parse(body)
    await system.caughtUp(sent)
    const joined = before.map((order) => ({ ...order, personId }))
    expect([await orderOf('J-1'), await orderOf('J-2')]).toEqual(joined)
    for (const id of [a, b]) expect(await ordersOf(id)).toEqual(joined.toReversed())
    await send({ hours: 9, type: 'refund', identifiers: [customer('join-1')], order: { id: 'J-2' } })
    expect(await orderOf('J-2')).toMatchObject({ status: 'returned' })

    await system.ask(`/v1/customers/${a}/merges/${mergeId}/undo`, { method: 'POST' })
    await system.caughtUp(sent)
    expect([await orderOf('J-1'), await orderOf('J-2')]).toEqual(before)
    expect(await ordersOf(a)).toEqual(before.slice(0, 1))
    expect(await ordersOf(b)).toEqual(before.slice(1))
  })
})

describe('a list of orders', () => {
  let personId: string
  beforeAll(async () => {
    const identifiers = [customer('many')]
    // Between the seventh and the eighth a journey is given up.
    const orders = Array.from({ length: 13 }, (_, index) => ({
      ...{ hours: index + (index < 7 ? 0 : 80 * 24), type: 'purchase', identifiers },
      order: { ...(index % 3 > 0 && { id: `M-${index}` }), total: index + 1 },
    }))
    const looked = [40, 120].map((days) => ({ hours: days * 24, type: 'view_item', identifiers }))
    await send(...orders, ...looked)
    personId = await system.personOf(customer('many'))
  })

  it.each(['?limit=1', '?limit=4', '?limit=13', '?limit=500', ''])(
    'has all of them, newest first: %s',
    async (query) => {
      const orders = await ordersOf(personId, query)
      expect(orders.map(({ total }) => total)).toEqual(Array.from({ length: 13 }, (_, index) => 13 - index))
    },
  )

  it('says so when there are no more', async () => {
    const { body } = await system.get(`/v1/customers/${personId}/orders?limit=13`)
    expect(body).toMatchObject({ nextCursor: null })
    await send({ hours: 1, type: 'view_item', identifiers: [customer('looker')] })
    const { body: none } = await system.get(
      `/v1/customers/${await system.personOf(customer('looker'))}/orders`,
    )
    expect(none).toEqual({ items: [], nextCursor: null })
  })

  const cursor = (before: unknown) => Buffer.from(JSON.stringify({ before })).toString('base64url')
  it.each([
    ['/orders?limit=501', /limit .*at most 500/],
    ['/orders?cursor=bm9uc2Vuc2U', /cursor/],
    [`/orders?cursor=${cursor('x')}`, /cursor/],
    [`/orders?cursor=${cursor(`${at(0)}#1#${'x'.repeat(2000)}`)}`, /cursor/],
    ['/orders?status=placed', /status is not known; this route knows limit, cursor/],
  ])('refuses %s', async (query, detail) => {
    expect(await system.get(`/v1/customers/${personId}${query}`)).toMatchObject(problem(400, detail))
  })

  it('is of somebody who is known', async () => {
    expect(await system.get('/v1/customers/nobody/orders')).toMatchObject(problem(404, /no person/))
    expect(await ask('unknown')).toMatchObject(problem(404, /no order/))
    expect(await system.get('/v1/orders/M-1?limit=1')).toMatchObject(problem(400, /limit is not known/))
  })
})

describe('recency', () => {
  it('is that of the latest order of which something is left, however many were given back since', async () => {
    const identifiers = [customer('giver')]
    const bought = Array.from({ length: 14 }, (_, index) => ({
      ...{ hours: 10 * index, type: 'purchase', identifiers },
      order: { ...(index !== 2 && { id: `R-${index}` }), total: index + 1 },
    }))
    const givenBack = bought
      .slice(3)
      .map((purchase, index) => ({ ...purchase, hours: 200 + index, type: 'refund' }))
    await send(...bought, ...givenBack)
    const profile = async () =>
      (await system.get(`/v1/customers/${await system.personOf(customer('giver'))}`)).body
    const days = (hours: number) => Math.floor((Date.now() - Date.parse(at(hours))) / 86_400_000)
    expect(await profile()).toMatchObject({ recencyDays: days(20), frequency: 3, monetary: 6 })
  })
})
