import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { fold } from '../../functions/journey/fold.ts'
import { emptyLedger, emptyState } from '../../functions/journey/fold-state.ts'
import { shownAmount, toUnits } from '../../functions/journey/money.ts'
import { sortTouches, type Touch, toTouch } from '../../functions/journey/touch.ts'
import { at, dayMs, purchase, refund, rules, tell, touch } from './touches.ts'

/** The one journey of these touchpoints. */
function journeyIn(touches: readonly Touch[], now?: string) {
  const [journey, ...others] = tell(touches, now).journeys
  if (!journey || others.length > 0) throw new Error('there should be one journey')
  return journey
}
const net = (touches: readonly Touch[]) =>
  Object.fromEntries(tell(touches).summary.netValue.map(({ currency, amount }) => [currency, amount]))
const counts = (touches: readonly Touch[]) =>
  tell(touches).journeys.map(({ touchpointCount }) => touchpointCount)

describe('rule 1', () => {
  it('keeps a journey running for exactly 30 × 24 h', () => {
    expect(journeyIn([touch(at(0), 'search'), touch(at(30), 'search')])).toMatchObject({ touchpointCount: 2 })
  })

  it('ends it a millisecond later', () => {
    const { journeys } = tell([touch(at(0), 'search'), touch(at(30, 1), 'search')], at(31))
    expect(journeys).toMatchObject([
      { status: 'abandoned', startedAt: at(0), endedAt: at(0), touchpointCount: 1 },
      { status: 'open', startedAt: at(30, 1), endedAt: null },
    ])
  })

  it('counts from the last that prolonged it, not from the start', () => {
    const touches = [touch(at(0), 'search'), touch(at(29), 'search'), touch(at(58), 'add_to_cart')]
    expect(journeyIn(touches, at(88))).toMatchObject({ status: 'open', touchpointCount: 3 })
    expect(journeyIn(touches, at(88, 1))).toMatchObject({ status: 'abandoned', endedAt: at(58) })
  })

  it.each(['email_sent', 'ad_impression', 'login', 'something_new'])('is not put off by %s', (type) => {
    const touches = [touch(at(0), 'search'), touch(at(29), type)]
    expect(journeyIn(touches, at(30))).toMatchObject({ status: 'open', touchpointCount: 2 })
    expect(journeyIn(touches, at(30, 1))).toMatchObject({ status: 'abandoned', endedAt: at(0) })
    expect(counts([...touches, touch(at(31), 'search')])).toEqual([2, 1])
  })

  it.each(['feedback', 'refund', 'email_sent', 'login'])('is found out by %s, too', (type) => {
    const touches = [touch(at(0), 'search'), touch(at(30, 1), type)]
    expect(tell(touches).summary.journeyCount).toEqual({ open: 0, converted: 0, abandoned: 1 })
    expect(counts(touches)).toEqual([1])
  })

  it('tells readers the same as the next touchpoint would', () => {
    const { summary } = tell([touch(at(0), 'search')], at(30, 1))
    expect(summary).toMatchObject({ openJourney: null, journeyCount: { open: 0, abandoned: 1 } })
    expect(tell([touch(at(0), 'search')], at(30)).summary).toMatchObject({
      openJourney: { status: 'open' },
      journeyCount: { open: 1, abandoned: 0 },
    })
  })

  it('lets a purchase after it start and convert a journey of its own', () => {
    expect(tell([touch(at(0), 'search'), purchase(at(31), 'O', 1)]).journeys).toMatchObject([
      { status: 'abandoned', order: null, value: 0 },
      { status: 'converted', startedAt: at(31), endedAt: at(31), value: 1 },
    ])
  })
})

describe('rule 2', () => {
  it('puts after-sales with an order to the journey that the order converted, however long ago', () => {
    const touches = [
      purchase(at(0), 'A', 10),
      purchase(at(5), 'B', 20),
      touch(at(400), 'delivery', { order: { id: 'A' } }),
    ]
    expect(counts(touches)).toEqual([2, 1])
  })

  it.each([
    ['without order', undefined],
    ['of an unknown order', { id: 'X' }],
  ])('puts it %s to the journey converted last within exactly 60 × 24 h', (_, order) => {
    const bought = [purchase(at(0), 'A', 10), purchase(at(5), 'B', 20)]
    expect(counts([...bought, touch(at(65), 'complaint', { order })])).toEqual([1, 2])
    expect(counts([...bought, touch(at(65, 1), 'complaint', { order })])).toEqual([1, 1])
  })

  it('looks back over journeys given up and running in between', () => {
    const touches = [
      purchase(at(0), 'A', 10),
      touch(at(1), 'search'),
      touch(at(40), 'search'),
      touch(at(60), 'feedback'),
    ]
    expect(counts(touches)).toEqual([2, 1, 1])
  })

  it('never starts, prolongs or joins a running journey', () => {
    expect(tell([touch(at(0), 'feedback')]).journeys).toEqual([])
    const touches = [touch(at(0), 'search'), touch(at(20), 'support_contact')]
    expect(journeyIn(touches, at(30, 1))).toMatchObject({ status: 'abandoned', touchpointCount: 1 })
  })

  it('leaves a refund before its purchase outside its journey and its value', () => {
    const touches = [refund(at(0), { id: 'A', total: 4 }), purchase(at(1), 'A', 10)]
    expect(journeyIn(touches)).toMatchObject({ touchpointCount: 1, value: 10, painPoints: [] })
    expect(net(touches)).toEqual({ EUR: 6 })
  })

  it('puts a refund before its purchase to the journey converted before', () => {
    const touches = [purchase(at(0), 'A', 10), refund(at(1), { id: 'B', total: 4 }), purchase(at(2), 'B', 7)]
    expect(tell(touches).journeys).toMatchObject([
      { touchpointCount: 2, value: 10 },
      { touchpointCount: 1, value: 7 },
    ])
    expect(net(touches)).toEqual({ EUR: 13 })
  })

  it('keeps the end and the status of a converted journey', () => {
    const touches = [touch(at(0), 'search'), purchase(at(1), 'A', 10), touch(at(3), 'feedback')]
    expect(journeyIn(touches)).toMatchObject({ status: 'converted', endedAt: at(1), phase: 'after_sales' })
  })
})

describe('rule 3', () => {
  it('puts a second report of an order to its journey, and starts none', () => {
    const touches = [
      touch(at(0), 'search'),
      purchase(at(1), 'A', 10),
      touch(at(2), 'search'),
      purchase(at(200), 'A', 99),
    ]
    const { journeys, summary } = tell(touches)
    expect(journeys).toMatchObject([
      { status: 'converted', touchpointCount: 3, value: 10, order: { at: at(1), total: 10 } },
      { status: 'abandoned', touchpointCount: 1 },
    ])
    expect(summary).toMatchObject({ orderCount: 1, netValue: [{ currency: 'EUR', amount: 10 }] })
  })

  it('does so while another journey is running, which runs on', () => {
    const touches = [
      purchase(at(1), 'A', 10),
      touch(at(2), 'search'),
      purchase(at(3), 'A', 10),
      touch(at(4), 'search'),
    ]
    expect(counts(touches)).toEqual([2, 2])
  })

  it('takes purchases without number for an order each', () => {
    const touches = [purchase(at(1), null, 10), purchase(at(1), null, 10)]
    expect(counts(touches)).toEqual([1, 1])
    expect(tell(touches).summary).toMatchObject({
      orderCount: 2,
      netValue: [{ currency: 'EUR', amount: 20 }],
    })
  })
})

describe('rules 4 and 5', () => {
  it.each(['email_sent', 'ad_impression', 'login', 'store_exit', 'something_new'])(
    '%s starts none',
    (type) => {
      expect(tell([touch(at(0), type)]).journeys).toEqual([])
      expect(counts([touch(at(0), type), touch(at(1), 'search'), touch(at(2), type)])).toEqual([2])
    },
  )

  it('a purchase alone is a journey', () => {
    expect(journeyIn([purchase(at(0), 'A', 10)])).toMatchObject({
      status: 'converted',
      startedAt: at(0),
      endedAt: at(0),
      phase: 'purchase',
      channels: ['web'],
      transitions: [],
      order: { orderId: 'A', total: 10, currency: 'EUR', at: at(0) },
      firstTouch: { channel: 'web', campaignId: null },
      lastTouch: { channel: 'web', campaignId: null },
      experience: { nps: null, rating: null, sentiment: null },
    })
  })

  it('a purchase ends its journey; the next touchpoint starts another', () => {
    expect(counts([touch(at(0), 'search'), purchase(at(1), 'A', 1), touch(at(1, 1), 'search')])).toEqual([
      2, 1,
    ])
  })

  it('the neutral person of a shared device has no journeys, but all else', () => {
    const ledger = emptyLedger()
    const touches = [touch(at(0), 'search'), purchase(at(1), 'A', 9), refund(at(2), { id: 'A', total: 4 })]
    const state = fold(emptyState, touches, ledger, { ...rules, journeys: false })
    expect([ledger.journeys.size, ledger.bases.size, state.running]).toEqual([0, 0, null])
    expect(state.summary).toMatchObject({ touchpointCount: 3, orderCount: 1, converted: 0 })
    expect(shownAmount(BigInt(state.summary.net.EUR ?? '0'))).toBe(5)
  })
})

describe('the list', () => {
  it('has purchases after others and refunds last, at the same time', () => {
    const touches = [
      touch(at(0), 'refund', { id: '1', order: { id: 'A' } }),
      touch(at(0), 'cancellation', { id: '2', order: { id: 'A' } }),
      purchase(at(0), 'A', 10, { id: '3' }),
      touch(at(0), 'search', { id: '4' }),
      touch(at(0), 'delivery', { id: '5' }),
    ]
    expect(sortTouches(touches).map(({ id }) => id)).toEqual(['4', '5', '3', '1', '2'])
    expect(journeyIn(touches)).toMatchObject({ touchpointCount: 4, value: 0 })
  })

  it('goes by source, then id, then content, in bytes', () => {
    const written = [
      ['a', '2', 'f'],
      ['a', '10', 'f'],
      ['a', '10', 'e'],
      ['a', '1', 'f'],
      ['a-b', '1', 'f'],
      ['B', '1', 'f'],
      ['\u{1f600}', '1', 'f'],
      ['\uffee', '1', 'f'],
    ]
    const touches = written.map(([source, id, fingerprint]) =>
      touch(at(0), 'search', { source, id, fingerprint }),
    )
    const sorted = sortTouches(touches).map(({ source, id, fingerprint }) => [source, id, fingerprint])
    const byBytes = (a: readonly string[], b: readonly string[]): number => {
      const differs = a.findIndex((text, index) => text !== b[index])
      return Buffer.compare(Buffer.from(a[differs] ?? ''), Buffer.from(b[differs] ?? ''))
    }
    expect(sorted).toEqual([...written].sort(byBytes))
  })

  const one = touch(at(0), 'search')
  const twin = toTouch({ ...one, nodeId: 'other' })

  it('has a touchpoint once, but that of another node, too', () => {
    expect(sortTouches([one, toTouch({ ...one }), twin])).toEqual([one, twin])
  })

  it('has it once, too, if that of another node stands between', () => {
    expect(sortTouches([one, twin, toTouch({ ...one })])).toEqual([one, twin])
  })

  it('gives the same in whatever order it is read', () => {
    const touches = [
      touch(at(0), 'search', { profile: { tier: 'a' } }),
      touch(at(0), 'view_item', { channel: 'store', profile: { tier: 'b' } }),
      purchase(at(1), 'A', 10),
      purchase(at(1), 'A', 12),
      refund(at(1), { id: 'A', refundId: 'F', total: 3 }),
      refund(at(2), { id: 'A', refundId: 'F', total: 4 }),
      touch(at(45), 'search'),
    ]
    const once = tell(touches)
    fc.assert(
      fc.property(fc.shuffledSubarray(touches, { minLength: touches.length }), (shuffled) => {
        expect(tell(shuffled)).toEqual(once)
      }),
    )
  })
})

describe('what a journey tells', () => {
  it('has phases in the model’s order, with their channels and dwelling', () => {
    const journey = journeyIn([
      touch(at(0), 'add_to_cart', { dwellSeconds: 2 }),
      touch(at(1), 'email_sent', { channel: 'email' }),
      touch(at(2), 'search', { channel: 'app', dwellSeconds: 1.5 }),
      touch(at(3), 'zone_dwell', { channel: 'store', dwellSeconds: 40 }),
      touch(at(4), 'page_view', { channel: 'app' }),
      touch(at(5), 'login', { channel: 'kiosk', dwellSeconds: 100 }),
    ])
    expect(journey.phases).toEqual([
      { phase: 'need', enteredAt: at(1), touchpoints: 1, channels: ['email'], dwellSeconds: 0 },
      { phase: 'interest', enteredAt: at(2), touchpoints: 3, channels: ['app', 'store'], dwellSeconds: 41.5 },
      { phase: 'decision', enteredAt: at(0), touchpoints: 1, channels: ['web'], dwellSeconds: 2 },
    ])
    expect(journey).toMatchObject({ phase: 'decision', touchpointCount: 6 })
    expect(journey.channels).toEqual(['web', 'email', 'app', 'store', 'kiosk'])
  })

  it('has a transition wherever two touchpoints in a row are on different channels', () => {
    const journey = journeyIn([
      touch(at(0), 'search'),
      touch(at(1), 'search'),
      touch(at(2), 'login', { channel: 'store' }),
      touch(at(3), 'search'),
      purchase(at(4), 'A', 1, { channel: 'store' }),
      touch(at(5), 'pickup', { channel: 'store' }),
      touch(at(6), 'feedback', { channel: 'email' }),
    ])
    expect(journey.transitionCount).toBe(4)
    expect(journey.transitions).toEqual([
      { from: 'web', to: 'store', at: at(2) },
      { from: 'store', to: 'web', at: at(3) },
      { from: 'web', to: 'store', at: at(4) },
      { from: 'store', to: 'email', at: at(6) },
    ])
  })

  it('keeps the latest 200 transitions and counts all', () => {
    const touches = Array.from({ length: 251 }, (_, index) =>
      touch(at(0, index), 'search', { channel: index % 2 === 0 ? 'web' : 'app' }),
    )
    const { transitions, transitionCount } = journeyIn(touches)
    expect([transitions.length, transitionCount]).toEqual([200, 250])
    expect(transitions[0]?.at).toBe(at(0, 51))
    expect(transitions.at(-1)).toEqual({ from: 'app', to: 'web', at: at(0, 250) })
  })

  it('keeps the latest 200 pain points and counts all', () => {
    const types = ['complaint', 'refund', 'cancellation']
    const touches = Array.from({ length: 210 }, (_, index) => touch(at(1, index), types[index % 3] ?? ''))
    const { painPoints, painPointCount } = journeyIn([
      purchase(at(0), 'A', 1),
      touch(at(1), 'feedback'),
      ...touches,
    ])
    expect([painPoints.length, painPointCount]).toEqual([200, 210])
    expect(painPoints[0]).toEqual({ type: 'refund', at: at(1, 10) })
  })

  const campaign = { id: 'xmas' }
  it.each<[string, Touch[], object, object]>([
    [
      'the only one',
      [touch(at(0), 'search', { campaign })],
      { channel: 'web', campaignId: 'xmas' },
      { channel: 'web', campaignId: 'xmas' },
    ],
    [
      'one without phase does not count as last',
      [touch(at(0), 'search', { campaign }), touch(at(1), 'login', { channel: 'app' })],
      { channel: 'web', campaignId: 'xmas' },
      { channel: 'web', campaignId: 'xmas' },
    ],
    [
      'an exposure does',
      [touch(at(0), 'search'), touch(at(1), 'email_sent', { channel: 'email', campaign })],
      { channel: 'web', campaignId: null },
      { channel: 'email', campaignId: 'xmas' },
    ],
    [
      'the purchase does not, if there is another',
      [touch(at(0), 'search', { campaign }), purchase(at(1), 'A', 1, { channel: 'store' })],
      { channel: 'web', campaignId: 'xmas' },
      { channel: 'web', campaignId: 'xmas' },
    ],
    [
      'what follows the purchase does not',
      [touch(at(0), 'search'), purchase(at(1), 'A', 1), touch(at(2), 'feedback', { channel: 'email' })],
      { channel: 'web', campaignId: null },
      { channel: 'web', campaignId: null },
    ],
    [
      'the purchase does, if there is no other',
      [purchase(at(1), 'A', 1, { channel: 'store', campaign }), purchase(at(2), 'A', 1)],
      { channel: 'store', campaignId: 'xmas' },
      { channel: 'store', campaignId: 'xmas' },
    ],
  ])('first and last touch: %s', (_, touches, firstTouch, lastTouch) => {
    expect(journeyIn(touches)).toMatchObject({ firstTouch, lastTouch })
  })

  it('has the means of what was said in it, and the person those of all', () => {
    const { journeys, summary } = tell([
      touch(at(0), 'feedback', { feedback: { nps: 0 } }),
      touch(at(1), 'search', { feedback: { rating: 4, sentiment: -0.5 } }),
      purchase(at(2), 'A', 1, { feedback: { nps: 10 } }),
      touch(at(3), 'feedback', { feedback: { nps: 9, rating: 4, sentiment: 0.25 } }),
      touch(at(4), 'feedback', { feedback: { nps: 9, rating: 5 } }),
    ])
    expect(journeys[0]?.experience).toEqual({ nps: 9.33, rating: 4.33, sentiment: -0.13 })
    expect(summary.experience).toEqual({ nps: 7, rating: 4.33, sentiment: -0.13 })
  })

  it('has an id that changes with its first touchpoint or node only', () => {
    const [first, second] = [touch(at(1), 'search'), touch(at(2), 'search')]
    const id = journeyIn([first]).journeyId
    expect(journeyIn([first, second]).journeyId).toBe(id)
    expect(journeyIn([touch(at(0), 'search'), first]).journeyId).not.toBe(id)
    expect(journeyIn([toTouch({ ...first, nodeId: 'm' })]).journeyId).not.toBe(id)
  })
})

describe('patterns', () => {
  const bought = (channel: string, fulfilment?: string) =>
    touch(at(5), 'purchase', { channel, order: { id: 'A', total: 1, fulfilment } })
  const early = (type: string, channel: string) => touch(at(1), type, { channel })
  const later = (type: string, channel: string) => touch(at(9), type, { channel })

  it.each<[string, Touch[], string[]]>([
    ['web, then store', [early('search', 'web'), bought('store')], ['webroomer']],
    ['app, then store', [early('add_to_cart', 'app'), bought('store')], ['webroomer']],
    ['marketplace, then store', [early('compare_items', 'marketplace'), bought('store')], ['webroomer']],
    ['an e-mail, then store', [early('email_click', 'email'), bought('store')], []],
    ['an ad on the web is a need, then store', [early('ad_click', 'web'), bought('store')], []],
    ['a login on the web, then store', [early('login', 'web'), bought('store')], []],
    ['the web, then a call', [early('search', 'web'), bought('call_center')], []],
    ['store, then web', [early('try_on', 'store'), bought('web')], ['showroomer']],
    ['store, then marketplace', [early('store_enter', 'store'), bought('marketplace')], ['showroomer']],
    ['kiosk, then web', [early('search', 'kiosk'), bought('web')], []],
    ['store only', [early('search', 'store'), bought('store')], []],
    ['picked up as ordered', [bought('web', 'pickup')], ['click_and_collect']],
    ['picked up in a store', [bought('app', 'ship'), later('pickup', 'store')], ['click_and_collect']],
    ['picked up elsewhere', [bought('app', 'ship'), later('pickup', 'kiosk')], []],
    ['bought in a store and picked up', [bought('store', 'pickup'), later('pickup', 'store')], []],
    ['returned in a store', [bought('web'), later('refund', 'store')], ['return_in_store']],
    ['returned by mail', [bought('web'), later('refund', 'web')], []],
    ['cancelled in a store', [bought('web'), later('cancellation', 'store')], []],
    ['a return of what was bought in a store', [bought('store'), later('refund', 'store')], []],
    [
      'everything, sorted',
      [early('try_on', 'store'), bought('web', 'pickup'), later('refund', 'store')],
      ['click_and_collect', 'return_in_store', 'showroomer'],
    ],
    ['not converted', [early('try_on', 'store'), early('search', 'web')], []],
    [
      'a touchpoint after the purchase',
      [bought('store'), touch(at(6), 'purchase', { channel: 'web', order: { id: 'A' } })],
      [],
    ],
  ])('%s', (_, touches, patterns) => {
    expect(journeyIn(touches).patterns).toEqual(patterns)
  })
})

describe('the amount of an order', () => {
  const items = [
    { quantity: 3, price: 0.3333 },
    { quantity: -1, price: 0.5 },
    { quantity: 2, amount: 1.01, price: 9 },
  ]

  it.each<[string, Record<string, unknown>, number]>([
    ['its total', { order: { id: 'A', total: 7 }, items }, 7],
    ['a total of nothing', { order: { id: 'A', total: 0 }, items }, 0],
    ['else its lines', { order: { id: 'A' }, items }, 1.51],
    ['lines without price', { order: { id: 'A' }, items: [{ quantity: 3 }] }, 0],
    ['nothing', { order: { id: 'A' } }, 0],
    ['no lines', { order: { id: 'A' }, items: [] }, 0],
    ['without an order', { items: [{ quantity: 0.125, price: 8 }] }, 1],
    [
      'rounded once',
      { order: { id: 'A' }, items: Array.from({ length: 3 }, () => ({ quantity: 1, price: 0.0049 })) },
      0.01,
    ],
    [
      'of fractions',
      {
        order: { id: 'A' },
        items: [
          { quantity: 0.1, price: 0.1 },
          { quantity: 0.2, price: 0.1 },
        ],
      },
      0.03,
    ],
  ])('%s', (_, fields, amount) => {
    const touches = [touch(at(0), 'purchase', fields)]
    expect(journeyIn(touches)).toMatchObject({ value: amount, order: { total: amount } })
    expect(net(touches)).toEqual({ EUR: amount })
  })

  it('is that of the earliest report that has one, with its currency and fulfilment', () => {
    const touches = [
      touch(at(0), 'purchase', { order: { id: 'A', currency: 'USD', fulfilment: 'ship' } }),
      touch(at(1), 'purchase', {
        order: { id: 'A', currency: 'GBP', fulfilment: 'pickup' },
        items: [{ quantity: 1, price: 5 }],
      }),
      touch(at(2), 'purchase', { order: { id: 'A', total: 6, currency: 'CHF', fulfilment: 'ship' } }),
    ]
    expect(journeyIn(touches)).toMatchObject({
      order: { orderId: 'A', total: 5, currency: 'GBP', at: at(0) },
      value: 5,
      endedAt: at(0),
      patterns: ['click_and_collect'],
    })
    expect(net(touches)).toMatchObject({ GBP: 5 })
    expect(tell(touches).summary.orderCount).toBe(1)
  })

  it('without currency is in the configured one, even if an earlier report without amount names another', () => {
    const touches = [
      touch(at(0), 'purchase', { order: { id: 'A', currency: 'USD' } }),
      touch(at(1), 'purchase', { order: { id: 'A', total: 6 } }),
    ]
    expect(journeyIn(touches).order).toMatchObject({ total: 6, currency: 'EUR' })
  })

  it.each([
    [1.005, 1.01],
    [1.0049, 1],
    [-1.005, -1.01],
    [-1.0049, -1],
    [0.004, 0],
    [-0.004, 0],
    [0.005, 0.01],
    [-0.005, -0.01],
    [2.675, 2.68],
    [1_234_567.895, 1_234_567.9],
    [99_999_999_999.99, 99_999_999_999.99],
  ])('%s is shown as %s', (amount, shown) => {
    expect(shownAmount(toUnits(amount))).toBe(shown)
  })
})

describe('what is given back', () => {
  const bought = purchase(at(0), 'A', 10)
  const gbp = purchase(at(0), 'A', 10, { order: { id: 'A', total: 10, currency: 'GBP' } })

  it.each<[string, Touch[], Record<string, number>, number]>([
    ['a part', [bought, refund(at(1), { id: 'A', total: 4 })], { EUR: 6 }, 6],
    [
      'parts, by lines',
      [
        bought,
        touch(at(1), 'refund', { order: { id: 'A' }, items: [{ quantity: 2, price: 1.5 }] }),
        refund(at(2), { id: 'A', total: 1 }),
      ],
      { EUR: 6 },
      6,
    ],
    ['the whole, when no amount is told', [bought, refund(at(1), { id: 'A' })], { EUR: 0 }, 0],
    [
      'the whole, after a part',
      [bought, refund(at(1), { id: 'A', total: 4 }), touch(at(2), 'cancellation', { order: { id: 'A' } })],
      { EUR: 0 },
      0,
    ],
    [
      'at most what was paid',
      [bought, refund(at(1), { id: 'A', total: 8 }), refund(at(2), { id: 'A', total: 8 })],
      { EUR: 0 },
      0,
    ],
    ['nothing: a total of 0 is a total', [bought, refund(at(1), { id: 'A', total: 0 })], { EUR: 10 }, 10],
    [
      'with one number counts once, the earliest',
      [
        bought,
        refund(at(2), { id: 'A', refundId: 'F', total: 7 }),
        refund(at(1), { id: 'A', refundId: 'F', total: 3 }),
      ],
      { EUR: 7 },
      7,
    ],
    [
      'with two numbers counts twice',
      [
        bought,
        refund(at(1), { id: 'A', refundId: 'F', total: 3 }),
        refund(at(2), { id: 'A', refundId: 'G', total: 3 }),
      ],
      { EUR: 4 },
      4,
    ],
    [
      'with one number counts once across types and orders',
      [
        bought,
        refund(at(1), { id: 'A', refundId: 'F', total: 3 }),
        touch(at(2), 'cancellation', { order: { refundId: 'F', total: 5 } }),
      ],
      { EUR: 7 },
      7,
    ],
    [
      'of no order lowers net and the journey it falls to',
      [bought, refund(at(1), { total: 4 })],
      { EUR: 6 },
      6,
    ],
    ['of no order, without amount, is nothing', [bought, refund(at(1), {})], { EUR: 10 }, 10],
    ['of no order, more than the journey brought', [bought, refund(at(1), { total: 14 })], { EUR: -4 }, 0],
    [
      'of an order not bought here lowers net only',
      [bought, refund(at(1), { id: 'X', total: 4 })],
      { EUR: 6 },
      10,
    ],
    [
      'of an order not bought here, without amount, is nothing',
      [bought, refund(at(1), { id: 'X' })],
      { EUR: 10 },
      10,
    ],
    [
      'in another currency counts as of an unknown order',
      [bought, refund(at(1), { id: 'A', total: 4, currency: 'USD' })],
      { EUR: 10, USD: -4 },
      10,
    ],
    ['without currency is in that of its order', [gbp, refund(at(1), { id: 'A', total: 4 })], { GBP: 6 }, 6],
    [
      'of no order, without currency, is in the configured one',
      [gbp, refund(at(1), { total: 4 })],
      { GBP: 10, EUR: -4 },
      10,
    ],
    [
      'of no order, in the order’s currency',
      [gbp, refund(at(1), { total: 4, currency: 'GBP' })],
      { GBP: 6 },
      6,
    ],
    ['the whole of an order in another currency', [gbp, refund(at(1), { id: 'A' })], { GBP: 0 }, 0],
    [
      'before the purchase, at most the amount',
      [refund(at(-1), { id: 'A', total: 14 }), bought],
      { EUR: 0 },
      10,
    ],
    ['the whole, before the purchase', [refund(at(-1), { id: 'A' }), bought], { EUR: 0 }, 10],
    ['at the moment of the purchase', [refund(at(0), { id: 'A', total: 4 }), bought], { EUR: 6 }, 6],
    [
      'before a later report tells the amount',
      [purchase(at(0), 'A'), refund(at(1), { id: 'A', total: 4 }), purchase(at(2), 'A', 10)],
      { EUR: 6 },
      6,
    ],
    [
      'the whole, before a later report tells the amount',
      [purchase(at(0), 'A'), refund(at(1), { id: 'A' }), purchase(at(2), 'A', 10)],
      { EUR: 0 },
      0,
    ],
    [
      'in fractions, rounded once',
      [bought, ...[1, 2, 3].map((day) => refund(at(day), { id: 'A', total: 0.0049 }))],
      { EUR: 9.99 },
      9.99,
    ],
  ])('%s', (_, touches, expected, value) => {
    expect(net(touches)).toEqual(expected)
    expect(tell(touches).journeys[0]?.value).toBe(value)
  })

  it('of another order in the same journey does not lower its value', () => {
    const touches = [purchase(at(0), 'A', 10), purchase(at(1), 'B', 20), refund(at(2), { id: 'A', total: 3 })]
    expect(tell(touches).journeys.map(({ value }) => value)).toEqual([7, 20])
  })

  it('counts once, but every report of it is a pain point', () => {
    const again = [1, 2].map((day) => refund(at(day), { id: 'A', refundId: 'F', total: 3 }))
    expect(journeyIn([bought, ...again])).toMatchObject({ value: 7, painPointCount: 2, touchpointCount: 3 })
  })

  it('an exchange is a refund and a purchase', () => {
    const touches = [bought, refund(at(1), { id: 'A', total: 10 }), purchase(at(1), 'B', 12)]
    expect(net(touches)).toEqual({ EUR: 12 })
    expect(tell(touches).summary.orderCount).toBe(2)
  })

  it('has currencies side by side', () => {
    const usd = touch(at(3), 'purchase', { order: { id: 'B', total: 5, currency: 'USD' } })
    const touches = [usd, bought, refund(at(4), { id: 'B', total: 1 })]
    expect(tell(touches).summary.netValue).toEqual([
      { currency: 'EUR', amount: 10 },
      { currency: 'USD', amount: 4 },
    ])
  })

  it('of an order with a negative total is nothing, if nobody gave anything back', () => {
    expect(net([purchase(at(0), 'A', -5)])).toEqual({ EUR: -5 })
  })

  it('has no currency of which there never was an amount', () => {
    const touches = [
      refund(at(0), { id: 'A', total: 4 }),
      touch(at(1), 'purchase', { order: { id: 'A', total: 10, currency: 'GBP' } }),
    ]
    expect(net(touches)).toEqual({ GBP: 6 })
  })
})

describe('net value', () => {
  const euros = fc.integer({ min: 0, max: 2000 }).map((cents) => cents / 100)
  const currency = fc.constantFrom(undefined, 'EUR', 'USD')
  const report = fc.record({
    type: fc.constantFrom('purchase', 'purchase', 'refund', 'cancellation'),
    id: fc.constantFrom(undefined, 'A', 'B', 'C'),
    total: fc.option(euros, { nil: undefined }),
    currency,
    refundId: fc.constantFrom(undefined, undefined, 'F', 'G'),
    day: fc.nat({ max: 9 }),
  })

  it('is orders less what was given back of them and of unknown ones', () => {
    fc.assert(
      fc.property(fc.array(report, { maxLength: 12 }), (reports) => {
        const touches = reports.map(({ type, day, refundId, ...order }) =>
          touch(at(day), type, { order: { ...order, ...(type !== 'purchase' && { refundId }) } }),
        )
        const { summary } = tell(touches)
        const nonZero = summary.netValue.filter(({ amount }) => amount !== 0)
        expect(Object.fromEntries(nonZero.map((one) => [one.currency, one.amount]))).toEqual(
          netByHand(touches),
        )
      }),
      { numRuns: 2000 },
    )
  })
})

/** The contract's sentences on money, one after the other, over the whole list. In cents, which is all it is fed. */
function netByHand(touches: readonly Touch[]): Record<string, number> {
  const cents = (amount: number) => Math.round(amount * 100)
  const list = sortTouches(touches)
  const net = new Map<string, number>()
  const add = (currency: string, amount: number) => net.set(currency, (net.get(currency) ?? 0) + amount)
  const purchases = list.filter(({ type }) => type === 'purchase')
  const numbers = list.flatMap(({ order }) => order?.refundId ?? [])
  const backs = list.filter(
    ({ type, order, position }) =>
      type !== 'purchase' &&
      (order?.refundId === undefined ||
        list.find((other) => other.order?.refundId === order.refundId)?.position === position),
  )
  expect(backs.length).toBeGreaterThanOrEqual(new Set(numbers).size)
  const ids = new Set(purchases.flatMap(({ order }) => order?.id ?? []))
  for (const { order } of purchases) {
    if (order?.id === undefined) add(order?.currency ?? 'EUR', cents(order?.total ?? 0))
  }
  const ofUnknown = backs.filter(({ order }) => order?.id === undefined || !ids.has(order.id))
  for (const id of ids) {
    const reports = purchases.filter(({ order }) => order?.id === id)
    const told = reports.find(({ order }) => order?.total !== undefined)?.order
    const named = reports.find(({ order }) => order?.currency !== undefined)?.order?.currency
    const currency = (told ? told.currency : named) ?? 'EUR'
    const amount = cents(told?.total ?? 0)
    const ofThis = backs.filter(({ order }) => order?.id === id)
    const matching = ofThis.filter(
      ({ order }) => (order?.currency ?? currency) === currency || order?.total === undefined,
    )
    ofUnknown.push(...ofThis.filter((back) => !matching.includes(back)))
    const given = matching.reduce((sum, { order }) => sum + cents(order?.total ?? amount / 100), 0)
    add(currency, amount - Math.min(amount, given))
  }
  for (const { order } of ofUnknown) add(order?.currency ?? 'EUR', -cents(order?.total ?? 0))
  return Object.fromEntries(
    [...net].filter(([, amount]) => amount !== 0).map(([name, amount]) => [name, amount / 100]),
  )
}

describe('profile and consents', () => {
  const said = (ms: number, profile: object, consents: object[] = []) =>
    touch(at(0, ms), 'consent_change', { profile, consents })

  it('have per key what the latest event says', () => {
    const { summary } = tell([
      said(3, { tier: 'gold' }, [{ purpose: 'ads', status: 'denied' }]),
      said(1, { tier: 'silver', language: 'de' }, [{ purpose: 'analytics', status: 'granted' }]),
      said(2, { language: null, vip: false }, [{ purpose: 'ads', status: 'granted' }]),
    ])
    expect(summary.profile).toEqual({ tier: 'gold', language: null, vip: false })
    expect(summary.consents).toEqual([
      { purpose: 'ads', status: 'denied', at: at(0, 3) },
      { purpose: 'analytics', status: 'granted', at: at(0, 1) },
    ])
  })

  it('of one event: the last word on a purpose counts', () => {
    const twice = [
      { purpose: 'ads', status: 'granted' },
      { purpose: 'ads', status: 'revoked' },
    ]
    expect(tell([said(0, {}, twice)]).summary.consents).toMatchObject([{ status: 'revoked' }])
  })

  it('do not depend on the order of arrival', () => {
    const key = fc.constantFrom('tier', 'language', 'constructor', 'toString')
    const word = fc.record({
      ms: fc.nat({ max: 6 }),
      profile: fc.dictionary(key, fc.constantFrom('a', 'b', 7, true, null)),
      consents: fc.array(fc.record({ purpose: key, status: fc.constantFrom('granted', 'denied') }), {
        maxLength: 2,
      }),
    })
    const arrivals = fc
      .array(word, { maxLength: 8 })
      .map((words) => words.map(({ ms, profile, consents }) => said(ms, profile, consents)))
      .chain((touches) =>
        fc.tuple(fc.constant(touches), fc.shuffledSubarray(touches, { minLength: touches.length })),
      )
    fc.assert(
      fc.property(arrivals, ([touches, shuffled]) => {
        const { summary } = tell(shuffled)
        expect(summary).toEqual(tell(touches).summary)
        for (const [name, value] of Object.entries(summary.profile)) {
          const last = Math.max(
            ...touches.filter(({ profile }) => Object.hasOwn(profile ?? {}, name)).map(timeOf),
          )
          const candidates = touches.filter((one) => timeOf(one) === last)
          expect(candidates.map(({ profile }) => profile?.[name])).toContain(value)
        }
      }),
      { numRuns: 500 },
    )

    function timeOf({ time }: Touch): number {
      return Date.parse(time)
    }
  })
})

describe('the summary', () => {
  it('counts and dates all touchpoints', () => {
    const { summary } = tell([touch(at(3), 'login'), touch(at(1), 'email_sent'), touch(at(2), 'feedback')])
    expect(summary).toMatchObject({
      touchpointCount: 3,
      firstSeenAt: at(1),
      lastSeenAt: at(3),
      orderCount: 0,
    })
    expect(dayMs).toBe(Date.parse(at(1)) - Date.parse(at(0)))
  })
})
