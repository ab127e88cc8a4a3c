import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Touch } from '../../functions/journey/touch.ts'
import { at, purchase, refund, tell, touch } from './touches.ts'

const now = at(100)
const netOf = (touches: readonly Touch[]) =>
  tell(touches, now).summary.netValue.map(({ currency, amount }) => [currency, amount])
const worthOf = (touches: readonly Touch[]) => {
  const { recencyDays, frequency, monetary } = tell(touches, now).summary
  return { recencyDays, frequency, monetary }
}
const inCurrency = (time: string, id: string, total: number, currency: string) =>
  touch(time, 'purchase', { order: { id, total, currency } })

describe('a purchase without a number', () => {
  const cash = (time: string, total: number, fields = {}) => purchase(time, null, total, fields)

  it('is an order of its own, also where two tills sell the same at the same time', () => {
    const touches = [
      cash(at(1), 5, { source: 'till-1' }),
      cash(at(1), 5, { source: 'till-2' }),
      cash(at(2), 7),
    ]
    const { journeys, summary } = tell(touches, now)
    expect(journeys.map(({ order }) => order)).toEqual([
      { orderId: null, total: 5, currency: 'EUR', at: at(1) },
      { orderId: null, total: 5, currency: 'EUR', at: at(1) },
      { orderId: null, total: 7, currency: 'EUR', at: at(2) },
    ])
    expect(summary).toMatchObject({ orderCount: 3, frequency: 3, monetary: 17, recencyDays: 98 })
    expect(netOf(touches)).toEqual([['EUR', 17]])
  })

  it('is never the one that another purchase or a refund means', () => {
    const touches = [cash(at(1), 5), purchase(at(2), '', 7), refund(at(3), { id: 'null', total: 2 })]
    expect(tell(touches, now).summary).toMatchObject({ orderCount: 2, frequency: 2, monetary: 12 })
    expect(netOf(touches)).toEqual([['EUR', 10]])
  })

  it.each<[string, Touch[], [string, number][], number[]]>([
    ['in its currency', [refund(at(2), { total: 2 })], [['EUR', 3]], [3]],
    ['for more than it was', [refund(at(2), { total: 9 })], [['EUR', -4]], [0]],
    [
      'in another currency',
      [refund(at(2), { total: 2, currency: 'USD' })],
      [
        ['EUR', 5],
        ['USD', -2],
      ],
      [5],
    ],
    ['without an amount', [refund(at(2), {})], [['EUR', 5]], [5]],
    ['after the window, so that no journey has it', [refund(at(62), { total: 2 })], [['EUR', 3]], [5]],
    [
      'which comes after another purchase, so that its journey has it',
      [cash(at(2), 8), refund(at(3), { total: 2 })],
      [['EUR', 11]],
      [5, 6],
    ],
    [
      'told twice, with its own number once',
      [refund(at(2), { total: 2, refundId: 'F' }), refund(at(3), { total: 2, refundId: 'F' })],
      [['EUR', 3]],
      [3],
    ],
    [
      'told twice without, twice',
      [refund(at(2), { total: 2 }), refund(at(3), { total: 2 })],
      [['EUR', 1]],
      [1],
    ],
  ])('is given back by a refund without one %s', (_, later, net, values) => {
    const touches = [cash(at(1), 5), ...later]
    expect(netOf(touches)).toEqual(net)
    expect(tell(touches, now).journeys.map(({ value }) => value)).toEqual(values)
    // What cannot be told to be of an order leaves every order as it was.
    expect(worthOf(touches).frequency).toBe(values.length)
  })
})

describe('a refund before its purchase', () => {
  const bought = purchase(at(2), 'A', 10)

  it.each<[string, Touch, [string, number][], object]>([
    [
      'a part',
      refund(at(1), { id: 'A', total: 4 }),
      [['EUR', 6]],
      { frequency: 1, monetary: 6, recencyDays: 98 },
    ],
    ['the whole', refund(at(1), { id: 'A' }), [['EUR', 0]], { frequency: 0, monetary: 0, recencyDays: null }],
    [
      'more',
      refund(at(1), { id: 'A', total: 40 }),
      [['EUR', 0]],
      { frequency: 0, monetary: 0, recencyDays: null },
    ],
    [
      'something in another currency',
      refund(at(1), { id: 'A', total: 4, currency: 'USD' }),
      [
        ['EUR', 10],
        ['USD', -4],
      ],
      { frequency: 1, monetary: 10, recencyDays: 98 },
    ],
  ])('of %s lowers what is left of the order, not the value of its journey', (_, early, net, worth) => {
    const { journeys } = tell([early, bought], now)
    expect(journeys).toMatchObject([{ touchpointCount: 1, value: 10, painPointCount: 0 }])
    expect(netOf([early, bought])).toEqual(net)
    expect(worthOf([early, bought])).toEqual(worth)
  })

  it('counts on its order in the currency that only the purchase tells', () => {
    const early = refund(at(1), { id: 'A', total: 4 })
    expect(netOf([early, inCurrency(at(2), 'A', 10, 'GBP')])).toEqual([['GBP', 6]])
  })

  it('lowers the value of neither journey, where another was converted before', () => {
    const other = purchase(at(0), 'B', 20)
    const { journeys } = tell([other, refund(at(1), { id: 'A', total: 4 }), bought], now)
    expect(journeys).toMatchObject([
      { touchpointCount: 2, value: 20, painPointCount: 1 },
      { touchpointCount: 1, value: 10, painPointCount: 0 },
    ])
    expect(netOf([other, refund(at(1), { id: 'A', total: 4 }), bought])).toEqual([['EUR', 26]])
  })
})

describe('several currencies of one person', () => {
  it('are a row each, and the orders are worth what the latest one’s currency has', () => {
    const touches = [
      inCurrency(at(1), 'A', 10, 'USD'),
      inCurrency(at(2), 'B', 20, 'GBP'),
      inCurrency(at(3), 'C', 30, 'USD'),
      purchase(at(4), 'D', 40),
      inCurrency(at(5), 'E', 50, 'USD'),
      refund(at(6), { id: 'A', total: 1 }),
      refund(at(6), { id: 'B', total: 2, currency: 'USD' }),
      refund(at(6), { id: 'unknown', total: 3 }),
    ]
    expect(netOf(touches)).toEqual([
      ['EUR', 37],
      ['GBP', 20],
      ['USD', 87],
    ])
    // Of orders: what was given back of none of them is not taken off.
    expect(worthOf(touches)).toEqual({ recencyDays: 95, frequency: 5, monetary: 89 })
    expect(worthOf([...touches, refund(at(7), { id: 'E' })])).toEqual({
      ...{ recencyDays: 96, frequency: 4, monetary: 40 },
    })
  })

  it('are those of the journeys, too', () => {
    const touches = [
      inCurrency(at(1), 'A', 10, 'USD'),
      refund(at(2), { total: 1, currency: 'USD' }),
      refund(at(2), { total: 2, currency: 'EUR' }),
      refund(at(2), { total: 4 }),
      refund(at(3), { id: 'A', total: 3, currency: 'EUR' }),
      refund(at(3), { id: 'A', total: 0.5 }),
    ]
    const [journey] = tell(touches, now).journeys
    expect(journey).toMatchObject({ value: 8.5, order: { total: 10, currency: 'USD' } })
    expect(netOf(touches)).toEqual([
      ['EUR', -9],
      ['USD', 8.5],
    ])
  })

  it('have of two orders at the same time the later one of the list tell which counts', () => {
    const touches = [
      touch(at(1), 'purchase', { source: 'a', order: { id: 'A', total: 10, currency: 'USD' } }),
      touch(at(1), 'purchase', { source: 'b', order: { id: 'B', total: 20, currency: 'GBP' } }),
    ]
    expect(worthOf(touches).monetary).toBe(20)
  })

  it.fails('have it told by that one also after a part of the other was given back', () => {
    const touches = [
      touch(at(1), 'purchase', { source: 'a', order: { id: 'A', total: 10, currency: 'USD' } }),
      touch(at(1), 'purchase', { source: 'b', order: { id: 'B', total: 20, currency: 'GBP' } }),
      refund(at(2), { id: 'A', total: 1 }),
    ]
    expect(worthOf(touches).monetary).toBe(20)
  })
})

describe('sums', () => {
  const line = fc.record({
    thousandths: fc.integer({ min: 1, max: 20_000 }),
    tenThousandths: fc.integer({ min: 0, max: 99_999 }),
    currency: fc.constantFrom('EUR', 'USD', undefined),
    isGivenBack: fc.boolean(),
  })

  it('of any lines are exact, and rounded once, half away from zero', () => {
    fc.assert(
      fc.property(fc.array(line, { minLength: 1, maxLength: 20 }), (lines) => {
        const touches = lines.map(({ thousandths, tenThousandths, currency, isGivenBack }, index) =>
          touch(at(0, index), isGivenBack ? 'refund' : 'purchase', {
            order: { id: isGivenBack ? `not bought ${index}` : `O-${index}`, currency },
            items: [{ quantity: thousandths / 1_000, price: tenThousandths / 10_000 }],
          }),
        )
        const exact = new Map<string, number>()
        for (const { thousandths, tenThousandths, currency = 'EUR', isGivenBack } of lines) {
          const sign = isGivenBack ? -1 : 1
          exact.set(currency, (exact.get(currency) ?? 0) + sign * thousandths * tenThousandths)
        }
        // Ten-millionths are whole numbers, far from where a double loses one.
        const rounded = [...exact].map(([currency, units]) => {
          const cents = Math.floor((2 * Math.abs(units) + 100_000) / 200_000)
          return [currency, units < 0 && cents > 0 ? -cents / 100 : cents / 100]
        })
        expect(Object.fromEntries(netOf(touches))).toEqual(Object.fromEntries(rounded))
      }),
      { numRuns: 1000 },
    )
  })

  it.each([
    ['a quarter of a cent each, of four orders', [0.0025, 0.0025, 0.0025, 0.0025], 0.01],
    ['just below half a cent', [0.0049], 0],
    ['half a cent', [0.005], 0.01],
    ['a cent and a half', [0.005, 0.005, 0.005], 0.02],
    ['tenths that are none in binary', [0.1, 0.2], 0.3],
    ['1.005, which is less in binary', [1.005], 1.01],
  ])('%s', (_, totals, sum) => {
    const orders = totals.map((total, index) => purchase(at(index), `O-${index}`, total))
    const refunds = totals.map((total, index) => refund(at(index), { id: `X-${index}`, total }))
    expect(netOf(orders)).toEqual([['EUR', sum]])
    expect(netOf(refunds)).toEqual([['EUR', sum === 0 ? 0 : -sum]])
  })

  it('of 14 digits are rounded as they were written', () => {
    expect(netOf([purchase(at(0), 'A', 12_345_678_901.005)])).toEqual([['EUR', 12_345_678_901.01]])
  })
})
