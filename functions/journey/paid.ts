import * as z from 'zod'
import { number, string, stringOrNull } from '../runtime/fields.ts'
import { orderKey } from '../store/keys.ts'
import { type Order, ownNet } from './order.ts'

/** Orders of which something is left after refunds: how many, what is left, and when the latest were. */
export const paidSchema = z.object({
  count: number,
  /** Units by currency of the order. */
  net: z.record(string, string),
  /** The latest, the latest first: when, currency, number as in keys. All of them, if they are as many as `count`. */
  latest: z.array(z.tuple([string, string, stringOrNull])),
})
export type Paid = z.infer<typeof paidSchema>

export const nothingPaid: Paid = { count: 0, net: {}, latest: [] }

const keptLatest = 10

/**
 * Takes out what an order was before and takes in what it is now.
 * @param time of the touchpoint that says so, not before any other so far
 */
export function withPaidOrder(
  paid: Paid,
  before: Order | undefined,
  after: Order,
  { currency, time }: { currency: string; time: string },
): Paid {
  const others = before ? withoutOrder(paid, before, ownNet(before, currency)) : paid
  return withOrder(others, after, ownNet(after, currency), time)
}

type Net = ReturnType<typeof ownNet>

function withoutOrder(paid: Paid, order: Order, net: Net): Paid {
  if (!net) return paid
  return {
    count: paid.count - 1,
    net: sum(paid.net, net.currency, -net.units),
    latest: paid.latest.filter(([, , orderId]) => orderId !== orderKey(order.orderId)),
  }
}

function withOrder(paid: Paid, { orderId, at }: Order, net: Net, now: string): Paid {
  if (!net || at === null) return paid
  const grown = { count: paid.count + 1, net: sum(paid.net, net.currency, net.units) }
  const isComplete = paid.latest.length === paid.count
  const entry: Paid['latest'][number] = [at, net.currency, orderId === '' ? null : orderKey(orderId)]
  const last = paid.latest.at(-1)
  // Where earlier ones have been left out, one that is earlier still must not stand in for them.
  const belongs = isComplete || (last ? at >= last[0] : at === now)
  const latest = belongs
    ? [entry, ...paid.latest].sort(([a], [b]) => (a < b ? 1 : a > b ? -1 : 0))
    : paid.latest
  return { ...grown, latest: latest.slice(0, keptLatest) }
}

function sum(sums: Record<string, string>, currency: string, units: bigint): Record<string, string> {
  return { ...sums, [currency]: String(BigInt(sums[currency] ?? '0') + units) }
}
