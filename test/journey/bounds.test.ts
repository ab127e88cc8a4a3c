import { describe, expect, it } from 'vitest'
import { fold } from '../../functions/journey/fold.ts'
import { emptyLedger, emptyState, type FoldState, type Ledger } from '../../functions/journey/fold-state.ts'
import { showSummary } from '../../functions/journey/summary-view.ts'
import { sortTouches, type Touch } from '../../functions/journey/touch.ts'
import { showJourney } from '../../functions/journey/view.ts'
import { rowItem } from '../../functions/store/checkpoint.ts'
import { ledgerRows } from '../../functions/store/journeys.ts'
import { packedText } from '../../functions/store/packed.ts'
import { channels } from '../../functions/touchpoint/vocabulary.ts'
import { createRandom } from '../../infra/demo/random.ts'
import { itemBytes } from '../simulation/capacity.ts'
import { at, rules, tell, touch } from './touches.ts'

const kilobyte = 1024
/** DynamoDB takes 400 KB in an item, Lambda hands over 6 MB, a record of Firehose has at most 1,000 KiB. */
const limits = { item: 400 * kilobyte, answer: 6 * kilobyte * kilobyte, record: 1_000 * kilobyte }

const random = createRandom(1)
const letters = [...'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789 /']
/** Nothing that could be deflated. */
const words = (length: number) => Array.from({ length }, () => random.oneOf(letters)).join('')
const many = (length: number, make: (index: number) => Touch) => Array.from({ length }, (_, i) => make(i))

/** The largest item that is stored of a person, the 360° view, and the largest journey as JSON. */
function sizesOf(touches: readonly Touch[]) {
  const ledger = emptyLedger()
  const state = fold(emptyState, sortTouches(touches), ledger, rules)
  const now = state.summary.lastSeenAt ?? ''
  const journeys = journeysIn(state, ledger).map((journey) => showJourney(journey, now, rules))
  const json = (value: unknown) => Buffer.byteLength(JSON.stringify(value))
  const rows = ledgerRows(ledger, 'generation').map((row) => itemBytes(rowItem('person', row)))
  return {
    journeyCount: journeys.length,
    touchpointCount: journeys[0]?.touchpointCount,
    item: Math.max(itemBytes({ d: packedText(JSON.stringify(state)) }), ...rows),
    view: json(showSummary(state, now, rules)),
    journey: Math.max(...journeys.map(json)),
  }
}

const journeysIn = ({ running }: FoldState, { journeys }: Ledger) => [
  ...journeys.values(),
  ...(running ? [running] : []),
]

const looks = ['view_item', 'search', 'zone_dwell', 'add_to_cart', 'add_to_wishlist', 'email_open', 'login']
const pains = ['complaint', 'refund', 'cancellation', 'delivery', 'feedback']
const count = 100_000
const product = () => ({
  ...{ sku: words(12), productId: words(12), name: words(60), variant: words(20) },
  ...{ category: words(30), brand: words(15), quantity: 1, price: 9.99 },
})

describe('100,000 touchpoints in one journey', () => {
  it.each<[string, (index: number) => Touch]>([
    [
      'of looking around, on every channel in turn, at ever other products',
      (index) =>
        touch(at(0, index * 60_000), looks[index % looks.length] ?? '', {
          ...{ channel: channels[index % channels.length], dwellSeconds: index },
          ...{ campaign: { id: words(30) }, sessionId: words(20), feedback: { sentiment: 0.1 } },
          ...(index % 10 === 0 && { items: [product()] }),
          consents: [{ purpose: ['ads', 'analytics'][index % 2], status: 'granted' }],
          profile: { loyaltyTier: words(10), language: 'de' },
        }),
    ],
    [
      'of trouble with one order',
      (index) =>
        touch(at(0, index), index === 0 ? 'purchase' : (pains[index % pains.length] ?? ''), {
          ...{ channel: channels[index % channels.length], source: words(100), id: words(100) },
          order: { id: 'A', total: 0.01, ...(index % 2 === 0 && { refundId: `F-${index}` }) },
        }),
    ],
  ])('%s: nothing outgrows an item, an answer or a record', (_, make) => {
    const { journeyCount, touchpointCount, item, view, journey } = sizesOf(many(count, make))
    expect(journeyCount).toBe(1)
    expect(touchpointCount).toBe(count)
    // A tenth of each limit: what is added to a journey one day has room.
    expect(item).toBeLessThan(limits.item / 10)
    expect(view).toBeLessThan(limits.answer / 10)
    expect(journey).toBeLessThan(limits.record / 10)
  })
})

const letter = (index: number) => String.fromCharCode(65 + (index % 26))
const currencyOf = (index: number) => `X${letter(index)}${letter(Math.floor(index / 26))}`

describe('a person of whom ever more is said', () => {
  it.each<[string, () => Touch[]]>([
    [
      'whole shelves are looked at, wished for and put into the cart',
      () =>
        many(600, (index) =>
          touch(at(0, index), ['view_item', 'add_to_wishlist', 'add_to_cart'][index % 3] ?? '', {
            items: [product(), product(), product()],
          }),
        ),
    ],
    [
      'orders are bought in every currency',
      () =>
        many(400, (index) =>
          touch(at(0, index), 'purchase', {
            order: { id: `O-${index}`, total: 1, currency: currencyOf(index % 170) },
          }),
        ),
    ],
  ])('is stored in small items when %s', (_, touches) => {
    const { item, view } = sizesOf(touches())
    expect(item).toBeLessThan(limits.item / 5)
    expect(view).toBeLessThan(limits.answer / 10)
  })

  it('is stored in small items when its profile gets ever more keys', () => {
    const entries = () => Array.from({ length: 10 }, () => [words(20), words(60)])
    const touches = many(800, (index) =>
      touch(at(0, index), 'view_item', { profile: Object.fromEntries(entries()) }),
    )
    expect(sizesOf(touches).item).toBeLessThan(limits.item)
  })

  it('is stored in small items when consent is given for ever other purposes', () => {
    const consents = () => Array.from({ length: 20 }, () => ({ purpose: words(60), status: 'granted' }))
    const touches = many(800, (index) => touch(at(0, index), 'consent_change', { consents: consents() }))
    expect(sizesOf(touches).item).toBeLessThan(limits.item)
  })

  it('is stored in small items when products have names of 8 KB', () => {
    const touches = many(100, (index) =>
      touch(at(0, index), 'add_to_wishlist', {
        items: [{ sku: words(10), name: words(8_000), quantity: 1 }],
      }),
    )
    expect(sizesOf(touches).item).toBeLessThan(limits.item)
  })

  it('is stored in small items when orders have numbers of 100 KB', () => {
    const touches = many(9, (index) =>
      touch(at(0, index), 'purchase', { order: { id: words(100_000), total: 1 } }),
    )
    expect(sizesOf(touches).item).toBeLessThan(limits.item)
  })

  it('has preferences for the 30 categories of most weight, however many one event names', () => {
    const items = Array.from({ length: 2_000 }, (_, index) => ({
      sku: 's',
      quantity: 1,
      category: `c-${index}`,
    }))
    const { categoryPreference } = tell([touch(at(0), 'view_item', { items })]).summary
    expect(categoryPreference).toHaveLength(30)
  })

  it('is stored in small items when campaigns and an order have names of 250 KB', () => {
    const ideographs = () =>
      Array.from({ length: 85_000 }, () => String.fromCharCode(0x4e00 + random.below(20_000))).join('')
    const clicks = many(2, (index) => touch(at(0, index), 'ad_click', { campaign: { id: ideographs() } }))
    const bought = touch(at(1), 'purchase', { order: { id: ideographs(), total: 1 } })
    expect(sizesOf([...clicks, bought]).item).toBeLessThan(limits.item)
  })
})
