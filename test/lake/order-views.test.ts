import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { orderViews } from '../../functions/lake/order-views.ts'
import { orderEvents, type Told } from './order-events.ts'
import { type OrderLake, startOrderLake } from './order-lake.ts'
import { type TrueOrder, trueOrders } from './order-truth.ts'

let lake: OrderLake

beforeAll(async () => {
  lake = await startOrderLake()
})

afterAll(() => lake.close())

type Fields = {
  node?: string
  order?: object
  items?: readonly object[]
  channel?: string
  location?: object
}

let made = 0

/** An event of order A by the person p1; items are one lamp unless they say more. */
function told(day: number, type: string, { node = 'n1', order = {}, items, ...fields }: Fields = {}): Told {
  const id = String(++made).padStart(6, '0')
  const time = `2026-01-0${day}T10:00:00.000Z`
  return {
    ...{
      id,
      source: 's',
      time,
      channel: 'web',
      type,
      nodeId: node,
      fingerprint: `f${id}`,
      offsetMinutes: 60,
    },
    ...fields,
    order: { id: 'A', ...order },
    ...(items && { items: items.map((item) => ({ sku: 'lamp', quantity: 1, ...item })) }),
  }
}

const lamp = { price: 20 }
const pots = { sku: 'pot', quantity: 3, price: 10 }
const bought = (order: object = {}, items: readonly object[] = [lamp, pots]) =>
  told(2, 'purchase', { order, items })
const refund = (day: number, order: object = {}, items?: readonly object[]) =>
  told(day, 'refund', { order, ...(items && { items }) })
const cancellation = (day: number) => told(day, 'cancellation')

const ordersSql = `select order_key, cast(total as varchar), cast(returned as varchar), cast(net as varchar), status
  from sales_order order by order_key`
const linesSql = `select line_type, sku, cast(amount as varchar), cast(returned_quantity as varchar),
  cast(returned_amount as varchar), cast(net_amount as varchar) from order_line order by order_key, line_number`

/** Without the zeros at the end of figures. */
const short = (rows: (string | null)[][]) =>
  rows.map((row) =>
    row.map((text) => text?.replace(/^(-?\d+)\.(\d*?)0+$/, '$1.$2').replace(/\.$/, '') ?? '').join(' '),
  )

type Case = [string, readonly Told[], string[], string[]]

describe('an order and its lines', () => {
  it.each<Case>([
    ['as bought', [bought()], ['p1/A 50 0 50 placed'], ['item lamp 20 0 0 20', 'item pot 30 0 0 30']],
    [
      'with a total beyond its items',
      [bought({ total: 54.95 })],
      ['p1/A 54.95 0 54.95 placed'],
      ['item lamp 20 0 0 20', 'item pot 30 0 0 30', 'adjustment  4.95 0 0 4.95'],
    ],
    [
      'of a total and no items',
      [told(2, 'purchase', { order: { total: 9.5 } })],
      ['p1/A 9.5 0 9.5 placed'],
      ['adjustment  9.5 0 0 9.5'],
    ],
    ['of nothing', [told(2, 'purchase')], ['p1/A 0 0 0 placed'], []],
    [
      'with quantity times price to 7 decimals, rounded once in the total',
      [
        bought({}, [
          { quantity: 0.333, price: 0.0005 },
          { quantity: 0.5, price: 0.0001 },
          { quantity: 2, amount: 3.9 },
        ]),
      ],
      ['p1/A 3.9002 0 3.9002 placed'],
      [
        'item lamp 0.0002 0 0 0.0002',
        'item lamp 0.0001 0 0 0.0001',
        'item lamp 3.9 0 0 3.9',
        'adjustment  -0.0001 0 0 -0.0001',
      ],
    ],
    [
      'of which a line came back',
      [bought(), refund(3, {}, [lamp])],
      ['p1/A 50 20 30 partly_returned'],
      ['item lamp 20 1 20 0', 'item pot 30 0 0 30'],
    ],
    [
      'of which pieces came back, before it was bought',
      [bought(), refund(1, {}, [{ sku: 'pot', quantity: 2, price: 10 }])],
      ['p1/A 50 20 30 partly_returned'],
      ['item lamp 20 0 0 20', 'item pot 30 2 20 10'],
    ],
    [
      'with a product on two lines, which are taken in order',
      [bought({}, [lamp, { quantity: 2, price: 15 }]), refund(3, {}, [{ quantity: 2, price: 15 }])],
      ['p1/A 50 30 20 partly_returned'],
      ['item lamp 20 1 20 0', 'item lamp 30 1 10 20'],
    ],
    [
      'for which less was paid back than it cost, and postage more',
      [bought({ total: 55 }), refund(3, { total: 23 }, [lamp])],
      ['p1/A 55 23 32 partly_returned'],
      ['item lamp 20 1 20 0', 'item pot 30 0 0 30', 'adjustment  5 0 3 2'],
    ],
    [
      'from which another product came back',
      [bought(), refund(3, {}, [{ sku: 'cup', price: 5 }])],
      ['p1/A 50 5 45 partly_returned'],
      ['item lamp 20 0 0 20', 'item pot 30 0 0 30', 'adjustment  0 0 5 -5'],
    ],
    [
      'paid back in part without items: all lines in proportion, the remainder on the last',
      [bought({}, [lamp, lamp, lamp]), refund(3, { total: 10 })],
      ['p1/A 60 10 50 partly_returned'],
      [
        'item lamp 20 0.167 3.3333 16.6667',
        'item lamp 20 0.167 3.3333 16.6667',
        'item lamp 20 0.166 3.3334 16.6666',
      ],
    ],
    [
      'paid back in part after a line came back',
      [bought({ total: 60 }), refund(3, {}, [lamp]), refund(4, { total: 20 })],
      ['p1/A 60 40 20 partly_returned'],
      ['item lamp 20 1 20 0', 'item pot 30 1.5 15 15', 'adjustment  10 0 5 5'],
    ],
    [
      'given back wholly',
      [bought({ total: 60 }), refund(3, {}, [lamp]), refund(4)],
      ['p1/A 60 60 0 returned'],
      ['item lamp 20 1 20 0', 'item pot 30 3 30 0', 'adjustment  10 0 10 0'],
    ],
    [
      'cancelled',
      [bought(), cancellation(2)],
      ['p1/A 50 50 0 cancelled'],
      ['item lamp 20 1 20 0', 'item pot 30 3 30 0'],
    ],
    [
      'of which more was paid back than was paid',
      [bought(), refund(3, { total: 40 }), refund(4, { total: 40 })],
      ['p1/A 50 50 0 returned'],
      ['item lamp 20 1 20 0', 'item pot 30 3 30 0'],
    ],
    [
      'of which one product was paid back for more than all was paid',
      [bought(), refund(3, { total: 70 }, [lamp])],
      ['p1/A 50 50 0 returned'],
      ['item lamp 20 1 20 0', 'item pot 30 0 0 30', 'adjustment  0 0 30 -30'],
    ],
    [
      'with a line given back as it was made',
      [bought({}, [lamp, { quantity: -1, price: 5 }]), refund(3, {}, [lamp])],
      ['p1/A 15 15 0 returned'],
      ['item lamp 20 1 20 0', 'item lamp -5 0 0 -5', 'adjustment  0 0 -5 5'],
    ],
    [
      'that cost nothing, and came back',
      [bought({}, [{}]), refund(3, {}, [{}])],
      ['p1/A 0 0 0 returned'],
      ['item lamp 0 1 0 0'],
    ],
    [
      'paid for by what came back with it, then cancelled',
      [bought({}, [lamp, { sku: 'pot', quantity: -3, price: 10 }]), cancellation(3)],
      ['p1/A -10 -10 0 cancelled'],
      ['item lamp 20 1 20 0', 'item pot -30 0 -30 0'],
    ],
    [
      'reported twice, as is its refund',
      [
        bought(),
        told(3, 'purchase', { order: { total: 70 }, items: [pots] }),
        refund(4, { refundId: 'F', total: 5 }),
        refund(5, { refundId: 'F', total: 6 }),
      ],
      ['p1/A 50 5 45 partly_returned'],
      ['item lamp 20 0.1 2 18', 'item pot 30 0.3 3 27'],
    ],
    [
      'of another number than the refund, which is of an unknown one',
      [bought(), refund(3, { id: 'B' }, [lamp]), refund(4, { id: 'C' })],
      [
        'n1/101767434400000#2#s/… 0 20 -20 unmatched_return',
        'n1/101767520800000#2#s/… 0 0 0 unmatched_return',
        'p1/A 50 0 50 placed',
      ],
      [
        'unmatched_return  0 0 20 -20',
        'unmatched_return  0 0 0 0',
        'item lamp 20 0 0 20',
        'item pot 30 0 0 30',
      ],
    ],
    [
      'of another currency than the refund, which is as of an unknown one',
      [bought({ currency: 'GBP' }), refund(3, { total: 5 }), refund(4, { total: 6, currency: 'EUR' })],
      ['n1/101767520800000#2#s/… 0 6 -6 unmatched_return', 'p1/A 50 5 45 partly_returned'],
      ['unmatched_return  0 0 6 -6', 'item lamp 20 0.1 2 18', 'item pot 30 0.3 3 27'],
    ],
    [
      'of nobody, who is one, whoever gives it back',
      [
        told(2, 'purchase', { node: '', items: [lamp] }),
        told(3, 'refund', { node: '', order: { total: 5 } }),
        told(3, 'refund', { node: 'n3', order: { total: 6 } }),
      ],
      ['n3/101767434400000#2#s/… 0 6 -6 unmatched_return', 'nobody/A 20 5 15 partly_returned'],
      ['unmatched_return  0 0 6 -6', 'item lamp 20 0.25 5 15'],
    ],
    [
      'without a number, each for itself',
      [
        told(2, 'purchase', { order: { id: undefined }, items: [lamp] }),
        told(3, 'purchase', { order: { id: undefined, total: 7 } }),
      ],
      ['n1/101767348000000#1#s/… 20 0 20 placed', 'n1/101767434400000#1#s/… 7 0 7 placed'],
      ['item lamp 20 0 0 20', 'adjustment  7 0 0 7'],
    ],
  ])('%s', async (_, events, orders, lines) => {
    await lake.tell(events)
    const keys = (text: string) => text.replace(/\/\d{6} /, '/… ')
    expect(short(await lake.rows(ordersSql)).map(keys)).toEqual(orders)
    expect(short(await lake.rows(linesSql))).toEqual(lines)
  })

  it('tell where they come from', async () => {
    const first = told(2, 'purchase', { channel: 'store', location: { storeId: 'B' }, node: 'n2' })
    const second = told(3, 'purchase', {
      order: { total: 50, tax: 8, shipping: 5, discount: 1, fulfilment: 'ship', coupon: 'c' },
      items: [{ ...lamp, quantity: 1.5, productId: 'l', name: 'Lamp', tax: 3, discount: 2, promotion: 'p' }],
    })
    const earlier = told(1, 'purchase', { order: { id: 'Z', total: 1 } })
    await lake.tell([first, second, earlier, refund(4, { total: 5 })], ['p1/A'])
    expect(await lake.read(`select * from sales_order where order_id = 'A'`)).toEqual([
      {
        ...{ order_key: 'p1/A', order_id: 'A', person_id: 'p1', order_number: '2', journey_id: 'of p1/A' },
        ...{ order_time: '2026-01-02 10:00:00.000000', local_time: '2026-01-02 11:00:00.000000' },
        ...{ channel: 'store', store_id: 'B', fulfilment: 'ship', coupon: 'c', currency: 'EUR' },
        ...{ total: '50.0000', tax: '8.0000', shipping: '5.0000', discount: '1.0000' },
        ...{ returned: '5.0000', net: '45.0000', units: '1.500', line_count: '1', status: 'partly_returned' },
      },
    ])
    expect(await lake.read(`select * from order_line where order_id = 'A' and line_number = 1`)).toEqual([
      {
        ...{ order_key: 'p1/A', line_number: '1', line_type: 'item', order_id: 'A', person_id: 'p1' },
        ...{ order_time: '2026-01-02 10:00:00.000000', local_time: '2026-01-02 11:00:00.000000' },
        ...{ channel: 'store', store_id: 'B', currency: 'EUR', sku: 'lamp', product_id: 'l', name: 'Lamp' },
        ...{
          variant: null,
          category: null,
          brand: null,
          promotion: 'p',
          quantity: '1.500',
          price: '20.0000',
        },
        ...{ amount: '30.0000', discount: '2.0000', tax: '3.0000', returned_quantity: '0.150' },
        ...{ returned_amount: '3.0000', net_quantity: '1.350', net_amount: '27.0000' },
      },
    ])
  })

  it('have the columns of the contract', async () => {
    for (const { name, columns } of orderViews) {
      const [row] = await lake.read(`select * from ${name} limit 1`)
      expect(Object.keys(row ?? {})).toEqual(columns.map((column) => column.name))
    }
  })
})

it('a product is what was said of it last', async () => {
  await lake.tell([
    told(3, 'view_item', {
      items: [
        { name: 'Lamp', price: 3, brand: 'B' },
        { name: 'Light', brand: 'C' },
      ],
    }),
    told(2, 'purchase', { items: [{ name: 'Old', price: 9, variant: 'red' }] }),
    told(4, 'search', { items: [{ sku: 'pot' }] }),
    told(4, 'search', { items: [] }),
  ])
  expect(await lake.rows('select * from product order by sku')).toEqual([
    ['lamp', null, 'Light', 'red', null, 'C', '3.0000', '2026-01-03 10:00:00.000000'],
    ['pot', null, null, null, null, null, null, '2026-01-04 10:00:00.000000'],
  ])
})

const tenThousandths = (text: string | null | undefined): bigint => BigInt((text ?? 'null').replace('.', ''))

type Read = Record<string, string | null>
const sumOf = (rows: readonly Read[], name: string) =>
  rows.reduce((sum, row) => sum + tenThousandths(row[name]), 0n)

const asTrue = ({ returned, shares, number, at, ...order }: TrueOrder) => ({
  ...order,
  at: at.replace('T', ' ').replace('Z', '000'),
  number: number === null ? null : String(number),
  returned: shares < 2 ? returned : null,
})

it('are for everybody what their journeys are folded to', { timeout: 300_000 }, async () => {
  const property = fc.asyncProperty(orderEvents, async (events) => {
    await lake.tell(events)
    const orders = await lake.read('select * from sales_order order by order_key')
    const lines = await lake.read('select * from order_line order by order_key, line_number')
    const truth = trueOrders(events)
    const byKey = new Map(truth.orders.map((order) => [order.key, order]))
    const linesOf = (key: string | null | undefined) => lines.filter(({ order_key }) => order_key === key)
    const shown = orders.map((row) => ({
      ...{ key: row.order_key ?? '', person: row.person_id, number: row.order_number, at: row.order_time },
      ...{ channel: row.channel, store: row.store_id, fulfilment: row.fulfilment, currency: row.currency },
      ...{ total: row.total, net: row.net, status: row.status },
      returned:
        (byKey.get(row.order_key ?? '')?.shares ?? 0) < 2
          ? linesOf(row.order_key).flatMap((line) =>
              line.line_type === 'item' ? [Number(line.returned_quantity)] : [],
            )
          : null,
    }))
    const byText = (a: { key: string }, b: { key: string }) => (a.key < b.key ? -1 : 1)
    expect(shown.toSorted(byText)).toEqual(truth.orders.map(asTrue).toSorted(byText))

    for (const order of orders) {
      const own = linesOf(order.order_key)
      expect(sumOf(own, 'amount')).toBe(tenThousandths(order.total))
      expect(sumOf(own, 'returned_amount')).toBe(tenThousandths(order.returned))
      expect(sumOf(own, 'net_amount')).toBe(tenThousandths(order.net))
    }
    for (const { person, net } of truth.nets) {
      for (const [currency, units] of Object.entries(net)) {
        const own = orders.filter((row) => row.person_id === person && row.currency === currency)
        const difference = sumOf(own, 'net') * 1000n - BigInt(units)
        // Each row is rounded to the fourth decimal.
        expect(Math.abs(Number(difference))).toBeLessThanOrEqual(own.length * 500)
      }
    }
  })
  await fc.assert(property, { numRuns: 25, seed: 20260122 })
})
