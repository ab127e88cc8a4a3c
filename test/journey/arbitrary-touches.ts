import fc from 'fast-check'
import { sortTouches, type Touch, toTouch } from '../../functions/journey/touch.ts'
import { at, dayMs } from './touches.ts'

/** Steps in time that lie on the edges of the windows, and some between. */
const steps = [
  0,
  0,
  1,
  3_600_000,
  dayMs,
  7 * dayMs,
  15 * dayMs,
  29 * dayMs,
  30 * dayMs,
  30 * dayMs + 1,
  31 * dayMs,
  59 * dayMs,
  60 * dayMs,
  60 * dayMs + 1,
]
const types = [
  'search',
  'view_item',
  'add_to_cart',
  'zone_dwell',
  'email_sent',
  'login',
  'purchase',
  'purchase',
  'refund',
  'cancellation',
  'pickup',
  'complaint',
] as const

const sent = fc.record(
  {
    step: fc.constantFrom(...steps),
    type: fc.constantFrom(...types),
    channel: fc.constantFrom('web', 'store', 'app', 'email'),
    orderId: fc.constantFrom(undefined, 'A', 'B', 'C', 'D'),
    refundId: fc.constantFrom(undefined, 'F', 'G'),
    total: fc.option(
      fc.integer({ min: 0, max: 9999 }).map((cents) => cents / 100),
      { nil: undefined },
    ),
    currency: fc.constantFrom(undefined, undefined, 'EUR', 'GBP'),
    fulfilment: fc.constantFrom(undefined, 'pickup', 'ship'),
    nps: fc.option(fc.nat({ max: 10 }), { nil: undefined }),
    sentiment: fc.option(fc.constantFrom(0.1, 0.2, -0.7), { nil: undefined }),
    tier: fc.constantFrom(undefined, 'gold', 'silver'),
    nodeId: fc.constantFrom('n1', 'n2'),
  },
  { noNullPrototype: true },
)

/** A person's touchpoints in their order: anything that may happen, close to where the rules change. */
export const touchLists = (maxLength: number): fc.Arbitrary<Touch[]> =>
  fc.array(sent, { minLength: 1, maxLength }).map((all) => {
    let ms = 0
    const touches = all.map(({ step, type, channel, nodeId, nps, sentiment, tier, ...rest }, index) => {
      ms += step
      const { orderId, refundId, total, currency, fulfilment } = rest
      const isMoney = ['purchase', 'refund', 'cancellation', 'pickup'].includes(type)
      return toTouch({
        id: `e${index % 7}`,
        source: `s${index}`,
        time: at(0, ms),
        channel,
        type,
        nodeId,
        fingerprint: `f${index}`,
        dwellSeconds: index,
        feedback: { nps, sentiment },
        consents: tier ? [{ purpose: 'ads', status: tier === 'gold' ? 'granted' : 'denied' }] : [],
        profile: tier ? { tier } : {},
        ...(isMoney && {
          order: { id: orderId, total, currency, fulfilment, ...(type !== 'purchase' && { refundId }) },
        }),
      })
    })
    return sortTouches(touches)
  })
