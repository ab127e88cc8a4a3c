import type { Random } from '../../infra/demo/random.ts'
import { oneOf, weighted } from './random-choice.ts'
import { identifiersOf, type Person, type SentIdentifier, type VisitKind } from './retail-person.ts'

/** An event as a channel system sends it. */
export type SentEvent = {
  id: string
  source: string
  time: string
  channel: string
  type: string
  identifiers: SentIdentifier[]
  [field: string]: unknown
}

export type Visit = { person: Person; kind: VisitKind; count: number; atMs: number }

const words = 'linen oak amber cotton night light garden kettle lantern blanket woven brass'.split(' ')
const categories = ['Home/Lighting', 'Home/Textiles', 'Kitchen/Pots', 'Garden/Furniture', 'Fashion/Scarves']
const browsing = {
  view_item: 44,
  search: 18,
  view_item_list: 14,
  page_view: 12,
  add_to_cart: 8,
  view_cart: 2,
  add_to_wishlist: 2,
}
const inTheStore = { zone_dwell: 50, scan_item: 30, try_on: 10, consultation: 10 }
const purchaseShare = { web: 0.09, app: 0.09, email: 0, store: 0.2 }
const afterSalesShare = 0.05

/** Writes the events of one visit: what was looked at, and sometimes bought or brought back. */
export function createVisitWriter(random: Random) {
  let made = 0

  function item() {
    const style = random.below(800)
    const [first, second] = [words[style % words.length], oneOf(random, words)]
    return {
      sku: `${20_000 + style}-${random.below(3)}`,
      productId: String(20_000 + style),
      name: `${first} ${second}`,
      category: categories[style % categories.length],
      brand: `Brand ${style % 40}`,
      quantity: random.chance(0.8) ? 1 : 2,
      price: (100 + ((style * 37) % 9_900)) / 100,
    }
  }

  function typesOf({ person, kind, count }: Visit): string[] {
    const buys = random.chance(purchaseShare[kind])
    return Array.from({ length: count }, (_, at) => {
      const isLast = at === count - 1
      if (at === 0 && person.lastOrder && kind !== 'email' && random.chance(afterSalesShare))
        return random.chance(0.5) ? 'refund' : 'pickup'
      if (isLast && buys) return 'purchase'
      if (kind === 'email') return at === 0 ? 'email_open' : 'email_click'
      if (kind === 'store') return at === 0 ? 'store_enter' : weighted(random, inTheStore)
      return weighted(random, browsing)
    })
  }

  function commerce(type: string, { person, kind }: Visit): Record<string, unknown> {
    if (type === 'purchase') {
      const items = Array.from({ length: 1 + random.below(4) }, item)
      const total =
        items.reduce((sum, { price, quantity }) => sum + Math.round(price * 100) * quantity, 0) / 100
      const id = `R-2025-${made.toString(36).padStart(6, '0')}`
      const fulfilment = kind === 'store' ? 'in_store' : oneOf(random, ['ship', 'ship', 'pickup'])
      person.lastOrder = { id, total, fulfilment, sku: items[0]?.sku ?? '' }
      const tax = Math.round(total * 16) / 100
      return { items, order: { id, total, tax, currency: 'EUR', fulfilment } }
    }
    const order = person.lastOrder
    if (type === 'refund' && order) {
      person.lastOrder = null
      return {
        order: { id: order.id, refundId: `G-${made.toString(36)}`, total: order.total, currency: 'EUR' },
      }
    }
    if (type === 'pickup' && order) return { order: { id: order.id } }
    if (type === 'search') return { query: `${oneOf(random, words)} ${oneOf(random, words)}` }
    if (type === 'zone_dwell') return { dwellSeconds: 5 + random.below(120) }
    const showsItem = /item|cart|try_on|wishlist/.test(type) && type !== 'view_cart'
    return showsItem ? { items: [item()] } : {}
  }

  function surroundings(kind: VisitKind, session: string): Record<string, unknown> {
    if (kind === 'store')
      return { location: { storeId: `S-${random.below(60)}`, zone: oneOf(random, words) } }
    const campaign = { id: `autumn-${random.below(30)}`, source: 'newsletter', medium: 'email' }
    if (kind === 'email') return { campaign }
    const page = `https://shop.example/${oneOf(random, categories).toLowerCase()}/${random.below(800)}`
    return {
      sessionId: session,
      location: { page, referrer: 'https://search.example/', country: 'DE' },
      ...(random.chance(0.15) && { campaign }),
      ...(random.chance(0.05) && { properties: { experiments: words, layout: `grid-${random.below(9)}` } }),
    }
  }

  return (visit: Visit): SentEvent[] => {
    const { person, kind, atMs } = visit
    const identifiers = identifiersOf(random, person, kind)
    const session = `s-${random.below(2 ** 30).toString(36)}`
    let timeMs = atMs
    return typesOf(visit).map((type): SentEvent => {
      made++
      timeMs += 1_000 + random.below(90_000)
      return {
        id: `e-${made.toString(36).padStart(7, '0')}`,
        source: kind === 'store' ? `pos/store-${random.below(60)}` : `${kind}/shop`,
        time: new Date(timeMs).toISOString(),
        channel: kind,
        type,
        identifiers,
        ...surroundings(kind, session),
        ...commerce(type, visit),
      }
    })
  }
}
