import { inDecimals, scaled, type Units } from '../journey/money.ts'

/** A row as Firehose takes it: all columns of its table, null where there is nothing; times in microseconds. */
export type Row = Readonly<Record<string, unknown>>

/** Iceberg's timestamps through Firehose are microseconds since 1970. */
export const microseconds = (time: Date | string): number => new Date(time).getTime() * 1000

/**
 * A figure with as many decimals as its column has, as text: a number of more decimals does not fit into it, and
 * binary ones, such as 20.389999999999997, often have more.
 */
export function decimalText(value: number | undefined, decimals: number): string | null {
  if (value === undefined) return null
  return pointed(scaled(value, decimals), decimals)
}

/** An amount with the four decimals of money. */
export const moneyText = (units: Units): string => pointed(inDecimals(units, 4), 4)

function pointed(units: bigint, decimals: number): string {
  const digits = String(units < 0n ? -units : units).padStart(decimals + 1, '0')
  return `${units < 0n ? '-' : ''}${digits.slice(0, -decimals)}.${digits.slice(-decimals)}`
}
