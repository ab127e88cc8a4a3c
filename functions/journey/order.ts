import { z } from 'zod'
import { eventUnits, type Units } from './money.ts'
import type { Touch } from './touch.ts'

/** Units of money by currency; under the empty name those that take the currency of their order. */
const sums = z.record(z.string(), z.string())

/** What is given back: amounts by currency, and whether one of them is the whole order. */
const givenBackSchema = z.object({ sums, whole: z.boolean() })
export type GivenBack = z.infer<typeof givenBackSchema>

/** One order of a person, from all reports of its purchase, refunds and cancellations. */
export const orderSchema = z.object({
  orderId: z.string(),
  /** Positions of the first and the last touchpoint that counted for it. */
  first: z.string(),
  last: z.string(),
  /** Start of the journey that it converted; null while no purchase is known. */
  journey: z.string().nullable(),
  at: z.string().nullable(),
  /** Units; null while no report had an amount. */
  amount: z.string().nullable(),
  currency: z.string().nullable(),
  fulfilment: z.string().nullable(),
  givenBack: givenBackSchema,
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
    amount: null,
    currency: null,
    fulfilment: null,
    givenBack: nothingGivenBack,
  }
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
  const isBought = order.at !== null
  const own = order.currency ?? defaultCurrency
  const amount = BigInt(order.amount ?? '0')
  let ofThis = 0n
  for (const [currency, sum] of Object.entries(order.givenBack.sums)) {
    if (isBought && (currency === '' || currency === own)) ofThis += BigInt(sum)
    else add(currency === '' ? defaultCurrency : currency, -BigInt(sum))
  }
  const atMost = amount > 0n ? amount : 0n
  if (isBought) add(own, amount - (order.givenBack.whole ? amount : ofThis < atMost ? ofThis : atMost))
  return net
}
