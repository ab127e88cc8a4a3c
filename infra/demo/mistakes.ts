import { named, type SentIdentifier } from './event.ts'
import type { Random } from './random.ts'
import { rates } from './rates.ts'

/** What systems send where they know nothing: words of the contract, Identity rule 2. */
const placeholders = {
  customer_id: ['guest', 'null', 'undefined', 'anonymous', '"guest"'],
  loyalty_id: ['0000000000', '0', 'none', '-1'],
  cookie_id: ['undefined', '', '[object Object]'],
  email: ['test@test.com', 'no@email.com', 'none@none.com', 'unknown', 'N/A'],
  phone: ['0000', '000-000', 'N/A', '-1'],
} as const

export function placeholder(random: Random, type: keyof typeof placeholders): SentIdentifier {
  return named(type, random.oneOf<string>(placeholders[type]))
}

export function isPlaceholder({ type, value }: SentIdentifier): boolean {
  const known: Readonly<Record<string, readonly string[]>> = placeholders
  return known[type]?.includes(value) ?? false
}

/** An address as it is typed while somebody reads it out. */
export function mishear(random: Random, address: string, othersAddress: string | undefined): string {
  if (!random.chance(rates.mistypedAddress)) return address
  if (othersAddress !== undefined && random.chance(rates.someoneElsesAddress)) return othersAddress
  const at = random.below(address.indexOf('@') - 1)
  const swapped = `${address.slice(0, at)}${address.charAt(at + 1)}${address.charAt(at)}${address.slice(at + 2)}`
  return random.chance(0.5) ? swapped : address.slice(0, at) + address.slice(at + 1)
}

/** A number that passes for one of a real card, with blanks as on the card. */
export function rawCardNumber(random: Random): SentIdentifier {
  const digits = `4${Array.from({ length: 14 }, () => random.below(10)).join('')}`
  const doubled = [...digits].map(Number).map((digit, at) => (at % 2 === 0 ? digit * 2 : digit))
  const sum = doubled.reduce((total, digit) => total + (digit > 9 ? digit - 9 : digit), 0)
  const number = `${digits}${(10 - (sum % 10)) % 10}`
  return named('payment_card', number.replace(/(\d{4})(?=\d)/g, '$1 '))
}
