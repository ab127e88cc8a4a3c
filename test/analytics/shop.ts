import fc from 'fast-check'
import type { Told } from '../lake/journey-events.ts'
import { about, dayMs, event, lakeRows, order } from './world.ts'

/** What is left of an order after refunds is known here without asking anybody. */
export type Bought = {
  personId: string
  ms: number
  channel: string
  currency: string
  net: number
  categories: string[]
}
type Seen = { personId: string; ms: number; channel: string; type: string; categories: string[] }

const channel = fc.constantFrom('web', 'web', 'store', 'app', 'call_center')
const categories = fc.subarray(['Lamps', 'Pots', 'Home/Textiles'])
const firstMs = Date.UTC(2025, 2, 1)
/** Sixteen months, some of them in no window. */
const time = fc.nat({ max: 490 * dayMs }).map((offset) => firstMs + offset)

const bought = fc.record({
  ms: time,
  channel,
  currency: fc.constantFrom('EUR', 'EUR', 'EUR', 'GBP'),
  total: fc.integer({ min: 1, max: 400 }),
  /** Cents of each that are given back. */
  back: fc.constantFrom(0, 0, 0, 0, 50, 100),
  categories,
})
const seen = fc.record({
  ms: time,
  channel,
  type: fc.constantFrom(
    'view_item',
    'view_item',
    'email_open',
    'add_to_cart',
    'email_sent',
    'login',
    'complaint',
  ),
  categories,
})
const person = fc.record({
  orders: fc.array(bought, { maxLength: 5, size: 'max' }),
  touches: fc.array(seen, { maxLength: 4, size: 'max' }),
  isReturning: fc.nat({ max: 5 }).map((chance) => chance === 0),
  returnMs: time,
})

/** A made-up shop: some people, nobody, and a tablet that many use; the same for a seed every time. */
export function randomShop({ seed, count }: { seed: number; count: number }) {
  const people = fc.sample(person, { seed, numRuns: count })
  const [orders, touches, unknownReturns, events] = [
    [] as Bought[],
    [] as Seen[],
    [] as Bought[],
    [] as Told[],
  ]
  for (const [index, one] of people.entries()) {
    const personId = index === 0 ? '' : index === 1 ? 'tablet' : `p${String(index).padStart(2, '0')}`
    for (const [at, { total, back, ...of }] of one.orders.entries()) {
      const id = `${personId}-${at}`
      const { currency, ms } = of
      orders.push({ ...of, personId, net: (total * (100 - back)) / 100 })
      const when = new Date(ms).toISOString()
      const items = of.categories.length > 0 ? about(...of.categories) : {}
      events.push(
        event(personId, when, of.channel, 'purchase', { ...items, ...order(id, total, { currency }) }),
      )
      const refund = order(id, (total * back) / 100, { currency, refundId: `R${id}` })
      const later = new Date(ms + 3_600_000).toISOString()
      if (back > 0) events.push(event(personId, later, of.channel, 'refund', refund))
    }
    for (const touch of one.touches) {
      touches.push({ ...touch, personId })
      const items = touch.categories.length > 0 ? about(...touch.categories) : {}
      events.push(event(personId, new Date(touch.ms).toISOString(), touch.channel, touch.type, items))
    }
    if (one.isReturning) {
      const when = new Date(one.returnMs).toISOString()
      events.push(event(personId, when, 'store', 'refund', order(`unknown-${index}`, 3)))
      const nothing = { channel: 'store', currency: 'EUR', categories: [] }
      unknownReturns.push({ personId, ms: one.returnMs, net: -3, ...nothing })
    }
  }
  return { orders, touches, unknownReturns, events, rows: lakeRows(events, ['tablet']) }
}

/** Neither nobody nor a device that many use. */
export const isCustomer = ({ personId }: { personId: string }): boolean => personId.startsWith('p')
