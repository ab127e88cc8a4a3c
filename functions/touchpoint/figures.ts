import * as z from 'zod'

/** Money is decimal(18,4) in the lake: 14 digits before the point. */
const magnitudeLimit = 1e14

/**
 * Whether a number was written with no more decimals than that. Rounding and dividing again gives
 * the double nearest to the decimal, so 0.1 has one decimal although no double is exactly 0.1.
 */
function hasDecimals(value: number, scale: 1_000 | 10_000): boolean {
  return Number.isInteger(value) || Math.round(value * scale) / scale === value
}

export function isBookable(value: number): boolean {
  return Math.abs(value) < magnitudeLimit
}

const moneyText = 'a number below 100000000000000 in magnitude'
const quantityText = 'a number other than 0 with at most 3 decimals'
const priceText = 'a number of at least 0 with at most 4 decimals'

export const money = z.number(moneyText).gt(-magnitudeLimit, moneyText).lt(magnitudeLimit, moneyText)

export const quantity = z
  .number(quantityText)
  .gt(-magnitudeLimit, quantityText)
  .lt(magnitudeLimit, quantityText)
  .refine((value) => value !== 0 && hasDecimals(value, 1_000), quantityText)

export const price = z
  .number(priceText)
  .gte(0, priceText)
  .lt(magnitudeLimit, priceText)
  .refine((value) => hasDecimals(value, 10_000), priceText)

export function range(lowest: number, highest: number) {
  const text = `a number from ${lowest} to ${highest}`
  return z.number(text).gte(lowest, text).lte(highest, text)
}
