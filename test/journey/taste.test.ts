import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { fold } from '../../functions/journey/fold.ts'
import { emptyLedger, emptyState } from '../../functions/journey/fold-state.ts'
import { retail } from '../../functions/journey/model.ts'
import { eventUnits, shownAmount } from '../../functions/journey/money.ts'
import { ownNet } from '../../functions/journey/order.ts'
import { showSummary } from '../../functions/journey/summary-view.ts'
import { touchLists } from './arbitrary-touches.ts'
import { at, purchase, refund, rules, tell, touch } from './touches.ts'

const item = (sku: string, more: object = {}) => ({ sku, quantity: 1, ...more })
const lamp = item('lamp', { category: 'Home/Lighting', name: 'Lamp', price: 20 })
const pot = item('pot', { category: 'Kitchen/Pots' })

describe('channel preference', () => {
  const shares = (channels: Record<string, number>) =>
    Object.entries(channels).map(([channel, share]) => ({ channel, share: expect.closeTo(share, 9) }))

  it('halves in 90 days, whenever it is read', () => {
    const touches = [touch(at(0), 'search', { channel: 'web' }), touch(at(90), 'search', { channel: 'app' })]
    for (const now of [at(90), at(400)])
      expect(tell(touches, now).summary.channelPreference).toEqual({
        interaction: shares({ app: 2 / 3, web: 1 / 3 }),
        purchase: [],
      })
  })

  it('leaves out exposures, purchases, what follows them and what has no phase', () => {
    const silent = ['email_sent', 'ad_impression', 'delivery', 'complaint', 'login'].map((type) =>
      touch(at(2), type, { channel: 'email' }),
    )
    const { channelPreference } = tell([
      ...silent,
      touch(at(1), 'view_item'),
      purchase(at(3), 'A', 5),
    ]).summary
    expect(channelPreference).toEqual({ interaction: shares({ web: 1 }), purchase: shares({ web: 1 }) })
  })

  it('counts an order once, at its earliest report and on that channel', () => {
    const reports = [
      purchase(at(0), 'A', undefined, { channel: 'store' }),
      purchase(at(1), 'A', 9, { channel: 'web', items: [lamp] }),
      purchase(at(0), null, 9, { channel: 'app' }),
    ]
    const { channelPreference, categoryPreference } = tell(reports).summary
    expect(channelPreference.purchase).toEqual(shares({ app: 0.5, store: 0.5 }))
    expect(categoryPreference).toEqual([
      { category: 'Home/Lighting', interaction: [], purchase: shares({ store: 1 }) },
    ])
  })

  it('is told by category, over the touchpoints with an item of it', () => {
    const touches = [
      touch(at(0), 'view_item', { items: [lamp, item('other lamp', { category: 'Home/Lighting' }), pot] }),
      touch(at(0), 'scan_item', { channel: 'store', items: [pot] }),
      purchase(at(0), 'A', 20, { channel: 'store', items: [lamp] }),
    ]
    expect(tell(touches).summary.categoryPreference).toEqual([
      { category: 'Home/Lighting', interaction: shares({ web: 1 }), purchase: shares({ store: 1 }) },
      { category: 'Kitchen/Pots', interaction: shares({ store: 0.5, web: 0.5 }), purchase: [] },
    ])
  })

  it('is what its definition says, of any touchpoints', () => {
    fc.assert(
      fc.property(touchLists(25), (touches) => {
        const now = at(2000)
        const isBefore = ({ type, dwellSeconds }: (typeof touches)[number]) =>
          retail.phases.indexOf(retail.phaseOf({ type, dwellSeconds }) ?? '') < 4 &&
          retail.phaseOf({ type, dwellSeconds }) !== null &&
          !retail.exposures.has(type)
        const sums = new Map<string, number>()
        for (const one of touches.filter(isBefore)) {
          const age = (Date.parse(now) - Date.parse(one.time)) / 86_400_000
          sums.set(one.channel, (sums.get(one.channel) ?? 0) + 0.5 ** (age / 90))
        }
        const total = [...sums.values()].reduce((sum, weight) => sum + weight, 0)
        const { interaction } = tell(touches, now).summary.channelPreference
        expect(interaction).toHaveLength(sums.size)
        for (const { channel, share } of interaction)
          expect(share).toBeCloseTo((sums.get(channel) ?? 0) / total, 9)
      }),
      { numRuns: 300 },
    )
  })

  it('keeps the 30 categories of most weight', () => {
    const touches = Array.from({ length: 40 }, (_, index) =>
      touch(at(index), 'view_item', {
        items: [item('x', { category: `c-${String(index).padStart(2, '0')}` })],
      }),
    )
    const { categoryPreference } = tell(touches).summary
    expect(categoryPreference.map(({ category }) => category)).toEqual(
      Array.from({ length: 30 }, (_, index) => `c-${index + 10}`),
    )
  })
})

describe('recency, frequency and monetary value', () => {
  const rfm = ({ recencyDays, frequency, monetary }: ReturnType<typeof tell>['summary']) => [
    recencyDays,
    frequency,
    monetary,
  ]

  it.each([
    ['nothing bought', [], [null, 0, 0]],
    ['an order of nothing', [purchase(at(0), 'A', 0)], [null, 0, 0]],
    ['one order', [purchase(at(0, 1), 'A', 9.5)], [9, 1, 9.5]],
    ['orders without a number', [purchase(at(0), null, 2), purchase(at(1), null, 3)], [9, 2, 5]],
    ['a part given back', [purchase(at(0), 'A', 9), refund(at(1), { id: 'A', total: 4 })], [10, 1, 5]],
    ['all given back', [purchase(at(0), 'A', 9), refund(at(1), { id: 'A' })], [null, 0, 0]],
    [
      'the latest given back',
      [purchase(at(0), 'A', 9), purchase(at(2), 'B', 5), refund(at(3), { id: 'B' })],
      [10, 1, 9],
    ],
    [
      'two currencies: that of the latest',
      [purchase(at(0), 'A', 9), touch(at(2), 'purchase', { order: { id: 'B', total: 5, currency: 'GBP' } })],
      [8, 2, 5],
    ],
    ['a refund of an unknown order', [purchase(at(0), 'A', 9), refund(at(1), { total: 4 })], [10, 1, 9]],
  ])('of %s', (_, touches, expected) => {
    expect(rfm(tell(touches, at(10)).summary)).toEqual(expected)
  })

  it('are what the orders say, of any touchpoints', () => {
    fc.assert(
      fc.property(touchLists(40), (touches) => {
        const ledger = emptyLedger()
        const state = fold(emptyState, touches, ledger, rules)
        const named = [...ledger.orders.values()].flatMap((order) => {
          const net = ownNet(order, 'EUR')
          return net && order.at ? [{ ...net, at: order.at }] : []
        })
        const unnamed = touches.flatMap((one) => {
          const units = one.type === 'purchase' && one.order?.id === undefined ? eventUnits(one) : null
          const currency = one.order?.currency ?? 'EUR'
          return units !== null && units > 0n ? [{ currency, units, at: one.time }] : []
        })
        const orders = [...named, ...unnamed]
        const latest = orders
          .map((order) => order.at)
          .sort()
          .at(-1)
        const { recencyDays, frequency, monetary } = showSummary(state, at(5000), rules)
        expect(frequency).toBe(orders.length)
        const ofLatest = orders.filter((order) => order.at === latest).map(({ currency }) => currency)
        const sums = ofLatest.map((currency) =>
          shownAmount(
            orders.filter((order) => order.currency === currency).reduce((sum, { units }) => sum + units, 0n),
          ),
        )
        if (latest === undefined) expect([recencyDays, monetary]).toEqual([null, 0])
        else {
          expect(recencyDays).toBe(Math.floor((Date.parse(at(5000)) - Date.parse(latest)) / 86_400_000))
          expect(sums).toContain(monetary)
        }
      }),
      { numRuns: 500 },
    )
  })
})

describe('cart, wish list and last viewed', () => {
  const add = (time: string, ...items: object[]) => touch(time, 'add_to_cart', { items })
  const remove = (time: string, ...items: object[]) => touch(time, 'remove_from_cart', { items })

  it('has in the cart what was added less what was removed', () => {
    const touches = [
      add(at(0), item('lamp', { quantity: 2, price: 20 }), pot),
      add(at(1), item('lamp', { quantity: 1.5, price: 18 })),
      remove(at(2), pot, item('never there')),
      remove(at(3), item('lamp')),
    ]
    expect(tell(touches, at(4)).summary.cart).toEqual([{ sku: 'lamp', quantity: 2.5, price: 18 }])
    expect(tell(touches, at(40)).summary.cart).toEqual([])
  })

  it('empties the cart with the purchase, and when the journey is given up', () => {
    expect(tell([add(at(0), lamp), purchase(at(1), 'A', 20)], at(2)).summary.cart).toEqual([])
    const later = [add(at(0), lamp), add(at(40), pot)]
    expect(tell(later, at(41)).summary.cart).toMatchObject([{ sku: 'pot', quantity: 1 }])
  })

  it('keeps wishes across journeys, until they are taken off the list', () => {
    const wish = (time: string, type: string, ...items: object[]) => touch(time, type, { items })
    const touches = [
      wish(at(0), 'add_to_wishlist', lamp, pot),
      purchase(at(1), 'A', 1),
      wish(at(100), 'add_to_wishlist', item('kettle')),
      wish(at(101), 'remove_from_wishlist', item('pot')),
    ]
    expect(tell(touches).summary.wishlist.map(({ sku }) => sku)).toEqual(['lamp', 'kettle'])
  })

  it('lists the latest ten distinct products, the latest first', () => {
    const touches = Array.from({ length: 24 }, (_, index) =>
      touch(at(index), index === 3 ? 'search' : 'view_item', { items: [item(`s-${index % 12}`)] }),
    )
    expect(tell(touches).summary.lastViewed.map(({ sku }) => sku)).toEqual(
      [11, 10, 9, 8, 7, 6, 5, 4, 3, 2].map((index) => `s-${index}`),
    )
  })
})
