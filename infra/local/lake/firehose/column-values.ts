import { LongNumber } from './record.ts'

// Values of columns as DuckDB reads them from JSON without loss; undefined: the value is of another type.

/** As text, for numbers of JavaScript are not long enough. */
export function whole(value: unknown, bits: bigint): string | undefined {
  const number = wholeNumber(value)
  if (number === undefined || number < -(1n << bits) || number >= 1n << bits) return undefined
  return String(number)
}

function wholeNumber(value: unknown): bigint | undefined {
  if (value instanceof LongNumber) return /^-?\d+$/.test(value.digits) ? BigInt(value.digits) : undefined
  return typeof value === 'number' && Number.isSafeInteger(value) ? BigInt(value) : undefined
}

export function double(value: unknown): number | undefined {
  const number = value instanceof LongNumber ? Number(value.digits) : value
  return typeof number === 'number' && Number.isFinite(number) ? number : undefined
}

/** A number or its text, with no more digits than the type has: Iceberg does not round. */
export function decimal(value: unknown, of: { precision: number; scale: number }): string | undefined {
  const text = value instanceof LongNumber ? value.digits : value
  if (typeof text !== 'string' && typeof text !== 'number') return undefined
  const [, digits = '', , fraction = ''] = /^-?0*(\d+)(\.(\d*?)0*)?$/.exec(String(text)) ?? []
  const isFitting = digits !== '' && fraction.length <= of.scale && digits.length <= of.precision - of.scale
  return isFitting ? String(text) : undefined
}

const [firstMicros, lastMicros] = [-62_135_596_800_000_000n, 253_402_300_799_999_999n]

/** Microseconds since 1970, in the years 1 to 9999. */
export const timestamp = (value: unknown): string | undefined => isoTime(wholeNumber(value))

/** Days since 1970, or as in ISO 8601. */
export function date(value: unknown): string | undefined {
  if (typeof value === 'string' && /^\d{4}-\d\d-\d\d$/.test(value))
    return new Date(`${value}T00:00:00Z`).toJSON()?.startsWith(value) ? value : undefined
  const days = wholeNumber(value)
  return days === undefined ? undefined : isoTime(days * 86_400_000_000n)?.slice(0, 10)
}

function isoTime(micros: bigint | undefined): string | undefined {
  if (micros === undefined || micros < firstMicros || micros > lastMicros) return undefined
  const rest = ((micros % 1_000_000n) + 1_000_000n) % 1_000_000n
  const seconds = new Date(Number((micros - rest) / 1_000n)).toISOString().slice(0, 19)
  return `${seconds}.${String(rest).padStart(6, '0')}`
}
