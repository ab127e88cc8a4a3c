import { wallDay } from './calendar.ts'
import { type Details, type Line, named, type SentIdentifier } from './event.ts'
import { taxIn, worth } from './goods.ts'
import type { Stage } from './stage.ts'
import type { System } from './systems.ts'

export type Order = {
  id: string
  lines: readonly Line[]
  total: number
  shipping: number
  fulfilment: 'in_store' | 'ship' | 'pickup'
  placedMs: number
}

const freeFrom = 60
const shippingCost = 4.95

export function placeOrder(
  { chronicle }: Stage,
  lines: readonly Line[],
  fulfilment: 'ship' | 'pickup',
  placedMs: number,
): Order {
  const goods = worth(lines)
  const shipping = fulfilment === 'pickup' || goods >= freeFrom ? 0 : shippingCost
  const id = `O-${500_000 + chronicle.count('orders')}`
  return { id, lines, total: inCents(goods + shipping), shipping, fulfilment, placedMs }
}

/** A receipt's number is unique for good: store, till and day are in it. */
export function ringUp({ chronicle }: Stage, till: System, lines: readonly Line[], placedMs: number): Order {
  const prefix = `${till.source.replace('till/', '').replaceAll('/', '-')}-${wallDay(placedMs)}`
  const id = `${prefix}-${chronicle.count(prefix)}`
  return { id, lines, total: worth(lines), shipping: 0, fulfilment: 'in_store', placedMs }
}

export function asPurchase({ id, lines, total, shipping, fulfilment }: Order): Details {
  return {
    items: lines,
    order: { id, total, tax: taxIn(total), shipping, currency: 'EUR', fulfilment },
  }
}

/** All of it comes back, or the first line. */
export function asRefund({ random, chronicle }: Stage, order: Order): Details {
  const lines = random.chance(0.5) ? order.lines : order.lines.slice(0, 1)
  const refundId = `G-${chronicle.count('refunds')}`
  return { items: lines, order: { id: order.id, refundId, total: worth(lines), currency: 'EUR' } }
}

export function orderNumber({ id }: Order): SentIdentifier {
  return named('order_id', id)
}

function inCents(amount: number): number {
  return Math.round(amount * 100) / 100
}
