import {
  DuckDBBlobValue,
  DuckDBDateValue,
  DuckDBDecimalValue,
  DuckDBDoubleType,
  DuckDBFloatType,
  DuckDBIntervalValue,
  DuckDBListType,
  DuckDBListValue,
  DuckDBMapType,
  DuckDBMapValue,
  DuckDBStructType,
  DuckDBStructValue,
  DuckDBTimestampMillisecondsValue,
  DuckDBTimestampSecondsValue,
  DuckDBTimestampTZValue,
  DuckDBTimestampValue,
  DuckDBTimeValue,
  type DuckDBType,
  type DuckDBValue,
} from '@duckdb/node-api'

type Print = (value: DuckDBValue) => string

/** Prints values of a type as Athena does; null within others is `null`. */
export function printerOf(type: DuckDBType): Print {
  const print = printNonNull(type)
  return (value) => (value === null ? 'null' : print(value))
}

/** By the type where the value does not tell: doubles may be whole, too. */
function printNonNull(type: DuckDBType): Print {
  if (type instanceof DuckDBDoubleType) return (value) => doubleText(Number(value))
  if (type instanceof DuckDBFloatType) return (value) => doubleText(shortestSingle(Number(value)))
  if (type instanceof DuckDBListType) {
    const print = printerOf(type.valueType)
    return (value) => (value instanceof DuckDBListValue ? `[${value.items.map(print).join(', ')}]` : '')
  }
  if (type instanceof DuckDBStructType) {
    const printers = type.entryTypes.map(printerOf)
    const field = ([name, value]: [string, DuckDBValue], at: number) => `${name}=${printers[at]?.(value)}`
    return (value) =>
      value instanceof DuckDBStructValue ? `{${Object.entries(value.entries).map(field).join(', ')}}` : ''
  }
  if (type instanceof DuckDBMapType) {
    const [printKey, print] = [printerOf(type.keyType), printerOf(type.valueType)]
    return (map) =>
      map instanceof DuckDBMapValue
        ? `{${map.entries.map(({ key, value }) => `${printKey(key)}=${print(value)}`).join(', ')}}`
        : ''
  }
  return scalarText
}

function scalarText(value: DuckDBValue): string {
  if (value instanceof DuckDBDecimalValue) return decimalText(value)
  if (value instanceof DuckDBTimestampValue) return timeText(value.micros, 6)
  if (value instanceof DuckDBTimestampMillisecondsValue) return timeText(value.millis * 1000n, 3)
  if (value instanceof DuckDBTimestampSecondsValue) return timeText(value.seconds * 1_000_000n, 3)
  if (value instanceof DuckDBTimestampTZValue) return `${timeText(value.micros, 3)} UTC`
  if (value instanceof DuckDBDateValue) return timeText(BigInt(value.days) * microsPerDay, 0).slice(0, -9)
  if (value instanceof DuckDBTimeValue) return clockText(value.micros)
  if (value instanceof DuckDBIntervalValue) return intervalText(value)
  if (value instanceof DuckDBBlobValue) return hexText(value.bytes)
  return String(value)
}

/** The fewest digits that are this number of single precision and no other. */
function shortestSingle(value: number): number {
  for (let digits = 1; digits <= 9; digits++) {
    const shorter = Number(value.toPrecision(digits))
    if (Math.fround(shorter) === value) return shorter
  }
  return value
}

/** As Java's Double.toString. */
function doubleText(value: number): string {
  if (Number.isNaN(value)) return 'NaN'
  if (!Number.isFinite(value)) return value < 0 ? '-Infinity' : 'Infinity'
  if (value === 0) return Object.is(value, -0) ? '-0.0' : '0.0'
  const [digits = '', exponent = ''] = Math.abs(value).toExponential().split('e')
  const sign = value < 0 ? '-' : ''
  const power = Number(exponent)
  const significant = digits.replace('.', '')
  if (power < -3 || power > 6) return `${sign}${digits.includes('.') ? digits : `${digits}.0`}E${power}`
  if (power < 0) return `${sign}0.${'0'.repeat(-power - 1)}${significant}`
  const whole = significant.slice(0, power + 1).padEnd(power + 1, '0')
  return `${sign}${whole}.${significant.slice(power + 1) || '0'}`
}

function decimalText({ value, scale }: DuckDBDecimalValue): string {
  const digits = String(value < 0n ? -value : value).padStart(scale + 1, '0')
  const whole = digits.slice(0, digits.length - scale)
  return `${value < 0n ? '-' : ''}${whole}${scale > 0 ? `.${digits.slice(-scale)}` : ''}`
}

const microsPerDay = 86_400_000_000n

/** @param digits of a second */
function timeText(micros: bigint, digits: number): string {
  const days = micros / microsPerDay - (micros % microsPerDay < 0n ? 1n : 0n)
  const rest = Number(micros - days * microsPerDay)
  const date = new Date(Number(days) * 86_400_000).toISOString().slice(0, -14)
  const [hours, minutes, seconds] = [rest / 3_600_000_000, rest / 60_000_000, rest / 1_000_000].map(
    Math.floor,
  )
  const clock = [hours, (minutes ?? 0) % 60, (seconds ?? 0) % 60].map((part) => String(part).padStart(2, '0'))
  const fraction = String(rest % 1_000_000)
    .padStart(6, '0')
    .slice(0, digits)
  return `${date} ${clock.join(':')}${fraction && `.${fraction}`}`
}

const clockText = (micros: bigint): string => timeText(micros, 3).slice(-12)

/** Of months, or of days and less, as Trino's two types of intervals. */
function intervalText({ months, days, micros }: DuckDBIntervalValue): string {
  if (months !== 0) {
    const all = Math.abs(months)
    return `${months < 0 ? '-' : ''}${Math.floor(all / 12)}-${all % 12}`
  }
  const all = BigInt(days) * microsPerDay + micros
  const size = all < 0n ? -all : all
  return `${all < 0n ? '-' : ''}${size / microsPerDay} ${clockText(size % microsPerDay)}`
}

const hexText = (bytes: Uint8Array): string =>
  [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join(' ')
