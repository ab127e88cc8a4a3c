/**
 * Amounts of money as whole numbers of 10⁻⁷: a quantity has up to 3 decimals and a price up to 4, so every line is
 * exact. Rounded once, when shown.
 */
export type Units = bigint

const unitDecimals = 7

export function toUnits(amount: number): Units {
  return scaled(amount, unitDecimals)
}

type Line = { quantity: number; price?: number | undefined; amount?: number | undefined }

/** What a line cost: its amount, else quantity × price. */
function lineUnits({ quantity, price, amount }: Line): Units {
  return amount === undefined ? scaled(quantity, 3) * scaled(price ?? 0, 4) : toUnits(amount)
}

export type Amounts = {
  order?: { total?: number | undefined } | undefined
  items?: readonly Line[] | undefined
}

/** An event's amount: its order's total, else the sum of its lines; null if it has neither. */
export function eventUnits({ order, items }: Amounts): Units | null {
  if (order?.total !== undefined) return toUnits(order.total)
  return items && items.length > 0 ? items.reduce((sum, line) => sum + lineUnits(line), 0n) : null
}

/** To 2 decimals, half away from zero. */
export const shownAmount = (units: Units): number => Number(cents(units)) / 100

/** What an amount came down by; shown so, step by step, it adds up to what is shown of the whole. */
export const shownDifference = (before: Units, after: Units): number =>
  Number(cents(before) - cents(after)) / 100

const cents = (units: Units): bigint => inDecimals(units, 2)

/** As a whole number of the last of so many decimals, half away from zero. */
export function inDecimals(units: Units, decimals: number): bigint {
  const one = 10n ** BigInt(unitDecimals - decimals)
  const half = units < 0n ? -one / 2n : one / 2n
  return (units + half) / one
}

/** A figure as a whole number of its smallest decimals, as its sender wrote it: so JavaScript shows numbers. */
export function scaled(value: number, decimals: number): bigint {
  const [whole = '', fraction = ''] = String(value).split('.')
  const isPlain = !/e/.test(whole + fraction) && fraction.length <= decimals
  return BigInt(isPlain ? whole + fraction.padEnd(decimals, '0') : value.toFixed(decimals).replace('.', ''))
}
