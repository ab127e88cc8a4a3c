import fc from 'fast-check'
import type { StoredTouchpoint } from '../../functions/store/touchpoints.ts'

/** An event as it is stored; the node of nobody is empty. */
export type Told = StoredTouchpoint & { nodeId: string }

const [minuteMs, hourMs, dayMs] = [60_000, 3_600_000, 86_400_000] as const

/** Steps in time that lie on the edges of the windows, and some between. */
const steps = [
  ...[
    0,
    0,
    0,
    1,
    minuteMs,
    29 * minuteMs,
    30 * minuteMs,
    30 * minuteMs + 1,
    hourMs,
    dayMs,
    7 * dayMs,
    15 * dayMs,
  ],
  ...[29 * dayMs, 30 * dayMs, 30 * dayMs + 1, 31 * dayMs, 59 * dayMs, 60 * dayMs, 60 * dayMs + 1],
]

const types =
  `search view_item add_to_cart zone_dwell email_sent ad_click login purchase purchase refund cancellation
  pickup complaint consent_change`.split(/\s+/)

const sent = fc.record({
  step: fc.constantFrom(...steps),
  type: fc.constantFrom(...types),
  channel: fc.constantFrom('web', 'web', 'store', 'app', 'email'),
  storeId: fc.constantFrom(undefined, 'B-MITTE', 'K-DOM'),
  campaign: fc.constantFrom(
    undefined,
    undefined,
    { id: 'spring', source: 'google', medium: 'cpc' },
    { id: 'xmas', medium: 'email' },
  ),
  referrer: fc.constantFrom(undefined, undefined, undefined, 'https://www.bing.com/'),
  source: fc.constantFrom('s', 'shop/\u{1f6d2}', 'shop/\uffee'),
  orderId: fc.constantFrom(undefined, 'A', 'B', 'C', 'D'),
  refundId: fc.constantFrom(undefined, 'F', 'G'),
  total: fc.constantFrom(undefined, 10, 25.5, 99.99),
  currency: fc.constantFrom(undefined, undefined, 'EUR', 'GBP'),
  nps: fc.constantFrom(undefined, 0, 9),
  profile: fc.constantFrom(
    undefined,
    undefined,
    { loyaltyTier: 'gold', 'a b': 1 },
    { loyaltyTier: 'sil"ver\\', a: null, z: true, 'x:{,}': '},{"a":"b"' },
    { 'ключ "1"': 'кофе\n', n: -1.5e-7 },
    {},
  ),
  consent: fc.constantFrom(undefined, undefined, 'granted', 'denied', 'revoked'),
  node: fc.nat({ max: 1 }),
  /** Hours from the last one until now. */
  rest: fc.constantFrom(1, 29 * 24, 31 * 24),
})

const isMoney = (type: string) => ['purchase', 'refund', 'cancellation', 'pickup'].includes(type)

/** What a person of these two nodes did, up to about now: anything that may happen, close to where the rules change. */
export const historyOf = (nodes: readonly [string, string], now: Date): fc.Arbitrary<Told[]> =>
  fc.array(sent, { minLength: 1, maxLength: 40, size: 'max' }).map((all) => {
    const rest = (all[0]?.rest ?? 0) * hourMs
    let ms = now.getTime() - rest - all.reduce((sum, { step }) => sum + step, 0)
    return all.map(
      (
        { step, type, channel, storeId, referrer, campaign, node, profile, consent, nps, ...fields },
        index,
      ) => {
        ms += step
        const { orderId, refundId, total, currency, source } = fields
        return {
          id: `e${index}`,
          source,
          time: new Date(ms).toISOString(),
          channel,
          type,
          nodeId: nodes[node] ?? '',
          fingerprint: `f${index}`,
          ...(campaign && { campaign }),
          ...((storeId ?? referrer) && { location: { storeId, referrer } }),
          ...(nps !== undefined && { feedback: { nps } }),
          ...(profile && { profile }),
          ...(consent && { consents: ['ads', 'analytics'].map((purpose) => ({ purpose, status: consent })) }),
          ...(isMoney(type) && {
            order: { id: orderId, total, currency, ...(type !== 'purchase' && { refundId }) },
          }),
        }
      },
    )
  })
