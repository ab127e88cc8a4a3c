import * as z from 'zod'
import { optionalString } from '../runtime/fields.ts'
import type { StoredTouchpoint } from '../store/touchpoints.ts'
import { eventUnits, shownAmount, shownDifference, type Units } from './money.ts'
import { leftOfOrder, newOrder, type Order, withGivenBack, withPurchase } from './order.ts'
import { isNothingOpen, type Line, newLine, withReturned } from './returned-quantity.ts'
import { sortTouches, type Touch, toTouch } from './touch.ts'

/** A touchpoint that tells of an order. */
export type OrderTouch = Touch & { storeId: string | null }

const placeSchema = z.object({ location: z.object({ storeId: optionalString }).optional() })

export function toOrderTouch(stored: StoredTouchpoint): OrderTouch {
  return { ...toTouch(stored), storeId: placeSchema.parse(stored).location?.storeId ?? null }
}

/**
 * One order as the contract shows it, from its touchpoints in any order; null if none of them is a purchase. Where the
 * contract is silent:
 * - What comes before the purchase counts as what comes after it: a refund, a delivery.
 * - A refund in another currency is of an unknown order and not shown here; one of which nothing was left to give back
 *   is, with amount 0. Amounts are differences of what is left as shown, so that they add up to total − net.
 * - Of an order that cost nothing or less, quantities tell whether it is wholly given back. The last refund or
 *   cancellation is the last that gave anything back.
 * - A line's price is null where the report has none, also if it has the line's amount.
 * @param personId null: of nobody
 */
export function showOrder(touches: readonly OrderTouch[], personId: string | null, defaultCurrency: string) {
  const sorted = sortTouches(touches)
  const purchases = sorted.filter(({ type }) => type === 'purchase')
  const [first] = purchases
  if (!first) return null
  const items = purchases.flatMap((report) => (report.items?.length ? [report.items] : []))[0] ?? []
  const bought = purchases.reduce((order, report) => withPurchase(order, report, null), newOrder('', first))
  const currency = bought.currency ?? defaultCurrency
  const begun: Course = { order: bought, lines: items.map(newLine), returns: [] }
  const course = returnsOf(sorted, currency).reduce(
    (before, touch) => giveBack(before, touch, currency),
    begun,
  )
  const total = leftOfOrder(bought, currency)
  const net = leftOfOrder(course.order, currency)
  const timeOf = (wanted: string) => sorted.find(({ type }) => type === wanted)?.time ?? null
  return {
    orderId: first.order?.id ?? null,
    personId,
    at: first.time,
    channel: first.channel,
    storeId: first.storeId,
    fulfilment: bought.fulfilment,
    status: statusOf(course, total, net),
    deliveredAt: timeOf('delivery'),
    pickedUpAt: timeOf('pickup'),
    currency,
    total: shownAmount(total),
    net: shownAmount(net),
    items: items.map(({ sku, name = null, quantity, price = null }, index) => ({
      sku,
      name,
      quantity,
      price,
      returnedQuantity: Number(course.lines[index]?.returned ?? 0n) / 1000,
    })),
    returns: course.returns.map(({ touch, before, after }) => ({
      refundId: touch.order?.refundId ?? null,
      at: touch.time,
      channel: touch.channel,
      amount: shownDifference(before, after),
    })),
  }
}

type Return = { touch: Touch; before: Units; after: Units; tookLines: boolean }
/** An order on its way through what was given back of it. */
type Course = { order: Order; lines: readonly Line[]; returns: readonly Return[] }

function giveBack({ order, lines, returns }: Course, touch: Touch, currency: string): Course {
  const before = leftOfOrder(order, currency)
  const lessened = { ...order, givenBack: withGivenBack(order.givenBack, touch) }
  const after = leftOfOrder(lessened, currency)
  const left = withReturned(lines, touch, { left: before, given: before - after })
  const tookLines = left.some((line, index) => line !== lines[index])
  return { order: lessened, lines: left, returns: [...returns, { touch, before, after, tookLines }] }
}

/** Refunds and cancellations of the order, those with the same number once. */
function returnsOf<T extends Touch>(sorted: readonly T[], currency: string): T[] {
  const seen = new Set<string>()
  return sorted.filter((touch) => {
    if (touch.type !== 'refund' && touch.type !== 'cancellation') return false
    const refundId = touch.order?.refundId
    if (refundId !== undefined && seen.has(refundId)) return false
    if (refundId !== undefined) seen.add(refundId)
    return eventUnits(touch) === null || (touch.order?.currency ?? currency) === currency
  })
}

type OrderStatus = 'placed' | 'partly_returned' | 'returned' | 'cancelled'

function statusOf({ order, lines, returns }: Course, total: Units, left: Units): OrderStatus {
  const { whole } = order.givenBack
  const gaveBack = ({ before, after, tookLines }: Return) => before !== after || tookLines
  const last = returns.findLast(gaveBack) ?? (whole ? returns.at(-1) : undefined)
  if (!last) return 'placed'
  const isWholly = whole || (total > 0n ? left === 0n : isNothingOpen(lines))
  if (!isWholly) return 'partly_returned'
  return last.touch.type === 'cancellation' ? 'cancelled' : 'returned'
}
