import { scaled, type Units } from './money.ts'
import type { Touch } from './touch.ts'

/** A line of an order and what was given back of it, in thousandths: a quantity has up to 3 decimals. */
export type Line = { sku: string; quantity: bigint; returned: bigint }

export function newLine({ sku, quantity }: { sku: string; quantity: number }): Line {
  return { sku, quantity: thousandths(quantity), returned: 0n }
}

/** What is still with the customer. A negative line was given back as the order was made. */
const openOf = ({ quantity, returned }: Line): bigint => (quantity > 0n ? quantity - returned : 0n)

export const isNothingOpen = (lines: readonly Line[]): boolean => lines.every((line) => openOf(line) === 0n)

const thousandths = (quantity: number): bigint => scaled(quantity, 3)

/** Of an order's amount: what was left, and what a refund gave back of that. */
type GivenBack = { left: Units; given: Units }

/**
 * The lines after a refund or cancellation: with items it takes lines of that sku in their order, without items and
 * total all that is there, and with a total only from all lines in proportion.
 */
export function withReturned(lines: readonly Line[], { items = [], order }: Touch, back: GivenBack): Line[] {
  if (items.length > 0) return withReturnedItems(lines, items)
  if (order?.total === undefined) return lines.map((line) => take(line, openOf(line)))
  return withReturnedShare(lines, back)
}

function withReturnedItems(lines: readonly Line[], items: NonNullable<Touch['items']>): Line[] {
  const rest = new Map<string, bigint>()
  for (const { sku, quantity } of items) rest.set(sku, (rest.get(sku) ?? 0n) + thousandths(quantity))
  return lines.map((line) => {
    const taken = smaller(rest.get(line.sku) ?? 0n, openOf(line))
    rest.set(line.sku, (rest.get(line.sku) ?? 0n) - taken)
    return take(line, taken)
  })
}

/** Each line by the same share of what is open, the remainder of rounding on the last (contract, view order_line). */
function withReturnedShare(lines: readonly Line[], { left, given }: GivenBack): Line[] {
  if (given <= 0n) return [...lines]
  const shareOf = (open: bigint) => (2n * open * given + left) / (2n * left)
  let rest = shareOf(lines.reduce((sum, line) => sum + openOf(line), 0n))
  const last = lines.findLastIndex((line) => openOf(line) > 0n)
  return lines.map((line, index) => {
    const open = openOf(line)
    const share = index === last ? rest : smaller(shareOf(open), rest)
    const taken = smaller(share, open)
    rest -= taken
    return take(line, taken)
  })
}

const take = (line: Line, taken: bigint): Line =>
  taken === 0n ? line : { ...line, returned: line.returned + taken }

const smaller = (a: bigint, b: bigint): bigint => (a < b ? a : b)
