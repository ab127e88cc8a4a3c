import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { fold } from '../../functions/journey/fold.ts'
import { emptyLedger, emptyState } from '../../functions/journey/fold-state.ts'
import { shownAmount } from '../../functions/journey/money.ts'
import { netOfOrder } from '../../functions/journey/order.ts'
import { type OrderTouch, showOrder, toOrderTouch } from '../../functions/journey/order-view.ts'
import { sortTouches } from '../../functions/journey/touch.ts'
import { at, rules } from './touches.ts'

let made = 0

type Fields = {
  order?: object
  items?: readonly object[]
  channel?: string
  location?: object
  nodeId?: string
}

/** A touchpoint of order A; items are of one lamp unless they say more. */
function told(days: number, type: string, { order, items, ...fields }: Fields = {}): OrderTouch {
  const id = String(++made).padStart(6, '0')
  return toOrderTouch({
    ...{ id, source: 's', time: at(days), channel: 'web', type, nodeId: 'n', fingerprint: `f${id}` },
    ...fields,
    order: { id: 'A', ...order },
    ...(items && { items: items.map((item) => ({ sku: 'lamp', quantity: 1, ...item })) }),
  })
}

const shown = (...touches: OrderTouch[]) => showOrder(touches, 'p', 'EUR')
const lamp = { price: 20 }
const pot = { sku: 'pot', quantity: 3, price: 10 }
/** Two products, 50 in all. */
const bought = (order: object = {}) => told(1, 'purchase', { order, items: [lamp, pot] })
const refund = (days: number, order: object, items?: object[]) =>
  told(days, 'refund', { order, ...(items && { items }) })

describe('what an order is', () => {
  it('is told by its purchase', () => {
    const purchase = told(1, 'purchase', {
      channel: 'store',
      location: { storeId: 'B-MITTE' },
      order: { fulfilment: 'in_store', currency: 'GBP' },
      items: [{ name: 'Lamp', price: 9.995, quantity: 2 }, { sku: 'bag' }],
    })
    expect(shown(purchase)).toEqual({
      orderId: 'A',
      personId: 'p',
      at: at(1),
      channel: 'store',
      storeId: 'B-MITTE',
      fulfilment: 'in_store',
      status: 'placed',
      deliveredAt: null,
      pickedUpAt: null,
      currency: 'GBP',
      total: 19.99,
      net: 19.99,
      items: [
        { sku: 'lamp', name: 'Lamp', quantity: 2, price: 9.995, returnedQuantity: 0 },
        { sku: 'bag', name: null, quantity: 1, price: null, returnedQuantity: 0 },
      ],
      returns: [],
    })
  })

  it('is at the earliest report, of the amount and with the items that are told first', () => {
    const reports = [
      told(3, 'purchase', { channel: 'app', order: { total: 7 }, items: [{ sku: 'late' }] }),
      told(1, 'purchase', { channel: 'store', location: { zone: 'till' } }),
      told(2, 'purchase', { order: { total: 9, fulfilment: 'ship' }, location: { storeId: 'X' } }),
    ]
    expect(shown(...reports)).toMatchObject({
      ...{ at: at(1), channel: 'store', storeId: null, total: 9, fulfilment: 'ship', currency: 'EUR' },
      items: [{ sku: 'late' }],
    })
  })

  it('is none without a purchase', () => {
    expect(shown()).toBeNull()
    expect(shown(refund(1, { total: 5 }), told(2, 'delivery'))).toBeNull()
  })

  it('is delivered and picked up when that is told first, be it before the purchase', () => {
    const handedOver = [told(5, 'delivery'), told(4, 'delivery'), told(0, 'pickup'), told(6, 'pickup')]
    expect(shown(bought(), ...handedOver)).toMatchObject({ deliveredAt: at(4), pickedUpAt: at(0) })
  })

  it('of nobody has no person', () => {
    expect(showOrder([bought()], null, 'EUR')).toMatchObject({ personId: null, total: 50 })
  })
})

const cancellation = (days: number, order: object = {}) => told(days, 'cancellation', { order })
const free = (...items: object[]) => told(1, 'purchase', { items })

describe('what was given back', () => {
  type Case = [string, OrderTouch[], string, number, number[], number[]]
  it.each<Case>([
    ['nothing', [bought()], 'placed', 50, [0, 0], []],
    ['a line', [bought(), refund(2, {}, [lamp])], 'partly_returned', 30, [1, 0], [20]],
    [
      'a line for less than it cost',
      [bought(), refund(2, { total: 15 }, [lamp])],
      'partly_returned',
      35,
      [1, 0],
      [15],
    ],
    [
      'more of a product than was bought',
      [bought(), refund(2, { total: 20 }, [{ quantity: 5 }])],
      'partly_returned',
      30,
      [1, 0],
      [20],
    ],
    [
      'another product',
      [bought(), refund(2, { total: 20 }, [{ sku: 'x' }])],
      'partly_returned',
      30,
      [0, 0],
      [20],
    ],
    ['items without a price', [bought(), refund(2, {}, [{}])], 'partly_returned', 50, [1, 0], [0]],
    ['all of it', [bought(), refund(2, {})], 'returned', 0, [1, 3], [50]],
    ['all of it, before it was bought', [bought(), refund(0, {})], 'returned', 0, [1, 3], [50]],
    ['all by a cancellation', [bought(), cancellation(2)], 'cancelled', 0, [1, 3], [50]],
    ['a share', [bought(), refund(2, { total: 25 })], 'partly_returned', 25, [0.5, 1.5], [25]],
    [
      'a share, rounded to 3 decimals',
      [bought(), refund(2, { total: 16.67 })],
      'partly_returned',
      33.33,
      [0.333, 1.001],
      [16.67],
    ],
    [
      'shares that come to all',
      [bought(), refund(2, { total: 25 }), refund(3, { total: 24 }), refund(4, { total: 1 })],
      'returned',
      0,
      [1, 3],
      [25, 24, 1],
    ],
    [
      'a line, then a share of what was left',
      [bought(), refund(2, {}, [lamp]), refund(3, { total: 15 })],
      'partly_returned',
      15,
      [1, 1.5],
      [20, 15],
    ],
    [
      'more than was paid',
      [bought(), refund(2, { total: 40 }), refund(3, { total: 40 })],
      'returned',
      0,
      [1, 3],
      [40, 10],
    ],
    [
      'one and the same twice',
      [bought(), refund(2, { refundId: 'F', total: 5 }, [lamp]), cancellation(3, { refundId: 'F' })],
      'partly_returned',
      45,
      [1, 0],
      [5],
    ],
    [
      'something in another currency',
      [bought(), refund(2, { total: 5, currency: 'GBP' }, [lamp])],
      'placed',
      50,
      [0, 0],
      [],
    ],
    ['nothing by a refund of 0', [bought(), refund(2, { total: 0 })], 'placed', 50, [0, 0], [0]],
    [
      'the rest by a cancellation',
      [bought(), refund(2, {}, [lamp]), cancellation(3)],
      'cancelled',
      0,
      [1, 3],
      [20, 30],
    ],
    [
      'all by a refund, after which it is closed by a cancellation',
      [bought(), refund(2, { total: 50 }), cancellation(3)],
      'returned',
      0,
      [1, 3],
      [50, 0],
    ],
    [
      'all of what was for free',
      [free({}, { sku: 'pot' }), refund(2, {}, [{}, { sku: 'pot' }])],
      'returned',
      0,
      [1, 1],
      [0],
    ],
    [
      'one line of what was for free',
      [free({}, { sku: 'pot' }), refund(2, {}, [{}])],
      'partly_returned',
      0,
      [1, 0],
      [0],
    ],
    ['what was for free and without items', [free(), cancellation(2)], 'cancelled', 0, [], [0]],
    [
      'of a product on two lines, in their order',
      [
        told(1, 'purchase', {
          items: [{ price: 4 }, { sku: 'pot', price: 1 }, { quantity: 2, price: 3 }],
        }),
        refund(2, { total: 7 }, [{ quantity: 2 }]),
      ],
      'partly_returned',
      4,
      [1, 0, 1],
      [7],
    ],
    [
      'of an order that had a line given back itself',
      [
        told(1, 'purchase', {
          items: [
            { price: 10, quantity: 2 },
            { price: 10, quantity: -1 },
          ],
        }),
        refund(2, { total: 5 }),
      ],
      'partly_returned',
      5,
      [1, 0],
      [5],
    ],
  ])('%s', (_, touches, status, net, quantities, amounts) => {
    const order = shown(...touches)
    expect(order).toMatchObject({ status, net })
    expect(order?.items.map(({ returnedQuantity }) => returnedQuantity)).toEqual(quantities)
    expect(order?.returns.map(({ amount }) => amount)).toEqual(amounts)
  })

  it('says when, where and under which number', () => {
    const order = shown(
      bought(),
      told(3, 'refund', { order: { total: 1, refundId: 'F' }, channel: 'store' }),
      refund(2, { total: 2 }),
    )
    expect(order?.returns).toEqual([
      { refundId: null, at: at(2), channel: 'web', amount: 2 },
      { refundId: 'F', at: at(3), channel: 'store', amount: 1 },
    ])
  })

  it('adds up where every part is rounded', () => {
    const order = shown(
      told(1, 'purchase', { items: [{ price: 0.005, quantity: 3 }] }),
      ...[2, 3, 4].map((day) => refund(day, {}, [{ price: 0.005 }])),
    )
    expect(order).toMatchObject({ total: 0.02, net: 0, status: 'returned' })
    expect(order?.returns.map(({ amount }) => amount)).toEqual([0.01, 0, 0.01])
  })
})

const option = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined })
const line = fc.record({
  sku: fc.constantFrom('a', 'b', 'c'),
  quantity: fc.constantFrom(1, 2, 3, 0.5, 0.333, 7.125),
  price: option(fc.integer({ min: 0, max: 99_999 }).map((amount) => amount / 10_000)),
  amount: option(fc.nat({ max: 999 }).map((cents) => cents / 100)),
  isNegative: fc.boolean(),
})
const report = fc.record({
  days: fc.nat({ max: 4 }),
  type: fc.constantFrom('purchase', 'purchase', 'refund', 'refund', 'cancellation', 'delivery', 'pickup'),
  items: option(fc.array(line, { maxLength: 4 })),
  total: option(fc.nat({ max: 3000 }).map((cents) => cents / 100)),
  currency: fc.constantFrom(undefined, undefined, undefined, 'EUR', 'GBP'),
  refundId: fc.constantFrom(undefined, undefined, 'F', 'G'),
  nodeId: fc.constantFrom('n1', 'n2'),
})

/** Reports of one order, in any order. */
const reports = fc.array(report, { minLength: 1, maxLength: 12 }).map((all) =>
  all.map(({ days, type, items, refundId, nodeId, ...order }) => {
    const lines = items?.map(({ isNegative, quantity, amount, ...rest }) => {
      const sign = isNegative && type === 'purchase' ? -1 : 1
      return { ...rest, quantity: sign * quantity, ...(amount !== undefined && { amount: sign * amount }) }
    })
    return told(days, type, {
      order: { ...order, ...(type !== 'purchase' && { refundId }) },
      nodeId,
      ...(lines && { items: lines }),
    })
  }),
)
const cents = (amount: number) => Math.round(amount * 100)

describe('an order, whatever is told of it', () => {
  it('is the same in any order, and of the touchpoints that are kept of it', () => {
    fc.assert(
      fc.property(
        reports.chain((touches) =>
          fc.tuple(fc.constant(touches), fc.shuffledSubarray(touches, { minLength: touches.length })),
        ),
        ([touches, shuffled]) => {
          const order = shown(...touches)
          expect(shown(...shuffled, ...touches)).toEqual(order)
          const ledger = emptyLedger()
          fold(emptyState, sortTouches(touches), ledger, rules)
          const kept = new Set(ledger.orders.get('A')?.touches.map(([, position]) => position))
          expect(shown(...touches.filter(({ position }) => kept.has(position)))).toEqual(order)
        },
      ),
      { numRuns: 500 },
    )
  })

  it('has the net that counts for its person, and returns that add up to the rest', () => {
    fc.assert(
      fc.property(reports, (touches) => {
        const ledger = emptyLedger()
        fold(emptyState, sortTouches(touches), ledger, rules)
        const kept = ledger.orders.get('A')
        const order = shown(...touches)
        expect(order === null).toBe(kept?.at == null)
        if (!order || !kept) return
        expect(order.net).toBe(shownAmount(netOfOrder(kept, 'EUR').get(order.currency) ?? 0n))
        const back = order.returns.reduce((sum, { amount }) => sum + cents(amount), 0)
        expect(back).toBe(cents(order.total) - cents(order.net))
        if (['returned', 'cancelled'].includes(order.status)) expect(order.net).toBeLessThanOrEqual(0)
        if (order.status === 'placed') expect(order.net).toBe(order.total)
      }),
      { numRuns: 1000 },
    )
  })

  it('has no more of a line given back than was bought', () => {
    fc.assert(
      fc.property(reports, (touches) => {
        for (const { quantity, returnedQuantity } of shown(...touches)?.items ?? []) {
          expect(returnedQuantity).toBeGreaterThanOrEqual(0)
          expect(returnedQuantity).toBeLessThanOrEqual(Math.max(0, quantity))
        }
      }),
      { numRuns: 500 },
    )
  })
})
