import * as z from 'zod'
import { boolean, string, stringOrNull } from '../runtime/fields.ts'
import { eventUnits, type Units } from './money.ts'
import type { Touch } from './touch.ts'

/** Units of money by currency; under the empty name those that take the currency of their order. */
const sums = z.record(string, string)

/** What is given back: amounts by currency, and whether one of them is the whole order. */
export const givenBackSchema = z.object({ sums, whole: boolean })
export type GivenBack = z.infer<typeof givenBackSchema>

/** One order of a person, from all reports of its purchase, refunds and cancellations. */
export const orderSchema = z.object({
  orderId: string,
  /** Positions of the first and the last touchpoint that counted for it. */
  first: string,
  last: string,
  /** Start of the journey that it converted; null while no purchase is known. */
  journey: stringOrNull,
  at: stringOrNull,
  /** Of the earliest report of the purchase. */
  channel: stringOrNull,
  /** Whether a report of the purchase had items. */
  hasItems: boolean,
  /** Units; null while no report had an amount. */
  amount: stringOrNull,
  currency: stringOrNull,
  fulfilment: stringOrNull,
  givenBack: givenBackSchema,
  /** Where its touchpoints are: node and position, from the earliest. */
  touches: z.array(z.tuple([string, string])),
})
export type Order = z.infer<typeof orderSchema>

export const nothingGivenBack: GivenBack = { sums: {}, whole: false }

export function newOrder(orderId: string, touch: Touch): Order {
  return {
    orderId,
    first: touch.position,
    last: touch.position,
    journey: null,
    at: null,
    channel: null,
    hasItems: false,
    amount: null,
    currency: null,
    fulfilment: null,
    givenBack: nothingGivenBack,
    touches: [],
  }
}

/** Types of the touchpoints that tell of an order. */
export const orderTypes: ReadonlySet<string> = new Set([
  'purchase',
  'delivery',
  'pickup',
  'refund',
  'cancellation',
])

const [keptFirst, keptLatest] = [20, 180]

/** Of an order that is told about again and again the first and the latest are kept. */
export const keptTouches = <T>(touches: readonly T[]): T[] =>
  touches.length <= keptFirst + keptLatest
    ? [...touches]
    : [...touches.slice(0, keptFirst), ...touches.slice(-keptLatest)]

/** The order with one more touchpoint of it, later in the list than all it has. */
export function withOrderTouch(order: Order, { nodeId, position }: Touch): Order {
  const touches = keptTouches([...order.touches, [nodeId, position] satisfies [string, string]])
  return { ...order, last: position, touches }
}

/** One more report of the purchase, later in the list: the earliest with an amount tells what was paid. */
export function withPurchase(order: Order, touch: Touch, journey: string | null): Order {
  const units = eventUnits(touch)
  const told =
    order.amount === null
      ? {
          amount: units === null ? null : String(units),
          currency: (units === null ? order.currency : null) ?? touch.order?.currency ?? null,
          fulfilment: (units === null ? order.fulfilment : null) ?? touch.order?.fulfilment ?? null,
        }
      : {}
  return {
    ...order,
    ...told,
    last: touch.position,
    journey: order.journey ?? journey,
    at: order.at ?? touch.time,
    channel: order.channel ?? touch.channel,
    hasItems: order.hasItems || (touch.items ?? []).length > 0,
  }
}

/** What a refund or cancellation adds. Without total and items it is of the whole order. */
export function withGivenBack(givenBack: GivenBack, touch: Touch): GivenBack {
  const units = eventUnits(touch)
  if (units === null) return { ...givenBack, whole: true }
  const currency = touch.order?.currency ?? ''
  const sum = BigInt(givenBack.sums[currency] ?? '0') + units
  return { ...givenBack, sums: { ...givenBack.sums, [currency]: String(sum) } }
}

export type CurrencyUnits = Map<string, Units>

/**
 * What an order adds to net value, by currency: its amount less what was given back of it, at most all; what was
 * given back in other currencies, or of an order not bought, counts as of an unknown one.
 */
export function netOfOrder(order: Order, defaultCurrency: string): CurrencyUnits {
  const net: CurrencyUnits = new Map()
  const add = (currency: string, units: Units) => net.set(currency, (net.get(currency) ?? 0n) + units)
  const own = order.currency ?? defaultCurrency
  for (const [currency, sum] of Object.entries(order.givenBack.sums)) {
    if (!countsOn(order, currency, own)) add(currency === '' ? defaultCurrency : currency, -BigInt(sum))
  }
  if (order.at !== null) add(own, leftOfOrder(order, own))
  return net
}

/** What is left of an order that was bought, in its own currency; null if nothing. */
export function ownNet(order: Order, defaultCurrency: string): { currency: string; units: Units } | null {
  const currency = order.currency ?? defaultCurrency
  const units = order.at === null ? 0n : leftOfOrder(order, currency)
  return units > 0n ? { currency, units } : null
}

const countsOn = ({ at }: Order, currency: string, own: string): boolean =>
  at !== null && (currency === '' || currency === own)

/** What is left of an order that was bought, in units of its own currency. */
export function leftOfOrder(order: Order, own: string): Units {
  const amount = BigInt(order.amount ?? '0')
  if (order.givenBack.whole) return 0n
  const back = Object.entries(order.givenBack.sums).reduce(
    (sum, [currency, units]) => sum + (countsOn(order, currency, own) ? BigInt(units) : 0n),
    0n,
  )
  const atMost = amount > 0n ? amount : 0n
  return amount - (back < atMost ? back : atMost)
}
