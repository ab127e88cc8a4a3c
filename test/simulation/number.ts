import { invalid } from './failure.ts'

// DynamoDB's numbers are decimals of up to 38 digits that travel as strings; doubles would lose some of them.
type Decimal = { digits: bigint; exponent: number }

const canonical = /^(0|-?[1-9]\d{0,30})$/
const decimal = /^([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d+))?$/
const maximalDigits = 38

export function canonicalNumber(text: string): string {
  return canonical.test(text) ? text : format(parse(text))
}

export function add(left: string, right: string): string {
  if (isSmall(left) && isSmall(right)) return String(Number(left) + Number(right))
  return format(combine(parse(left), parse(right), (a, b) => a + b))
}

export function subtract(left: string, right: string): string {
  if (isSmall(left) && isSmall(right)) return String(Number(left) - Number(right))
  return format(combine(parse(left), parse(right), (a, b) => a - b))
}

export function compareNumbers(left: string, right: string): number {
  if (isSmall(left) && isSmall(right)) return Number(left) - Number(right)
  const { digits } = combine(parse(left), parse(right), (a, b) => a - b)
  return digits < 0n ? -1 : digits > 0n ? 1 : 0
}

/** Of a number in canonical form. */
export function significantDigits(text: string): number {
  return text.replace(/[-.]/g, '').replace(/^0+/, '').replace(/0+$/, '').length
}

/** Whether doubles are exact enough to count with. */
function isSmall(text: string): boolean {
  return text.length <= 15 && canonical.test(text)
}

function parse(text: string): Decimal {
  const match = decimal.exec(text.trim())
  const [, sign = '', whole = '', fraction = '', exponent = '0'] = match ?? []
  if (match === null || whole.length + fraction.length === 0) {
    throw invalid('The parameter cannot be converted to a numeric value')
  }
  const digits = BigInt(whole + fraction)
  return trim({ digits: sign === '-' ? -digits : digits, exponent: Number(exponent) - fraction.length })
}

function trim({ digits, exponent }: Decimal): Decimal {
  if (digits === 0n) return { digits, exponent: 0 }
  const text = String(digits)
  const kept = text.replace(/0+$/, '')
  return { digits: BigInt(kept), exponent: exponent + text.length - kept.length }
}

function combine(left: Decimal, right: Decimal, operate: (a: bigint, b: bigint) => bigint): Decimal {
  const exponent = Math.min(left.exponent, right.exponent)
  const scaled = (value: Decimal): bigint => value.digits * 10n ** BigInt(value.exponent - exponent)
  return trim({ digits: operate(scaled(left), scaled(right)), exponent })
}

function format({ digits, exponent }: Decimal): string {
  const negative = digits < 0n
  const text = String(negative ? -digits : digits)
  if (text.length > maximalDigits)
    throw invalid('Attempting to store more than 38 significant digits in a Number')
  if (exponent >= 0) return `${negative ? '-' : ''}${text}${'0'.repeat(exponent)}`
  const padded = text.padStart(1 - exponent, '0')
  const point = padded.length + exponent
  return `${negative ? '-' : ''}${padded.slice(0, point)}.${padded.slice(point)}`
}
