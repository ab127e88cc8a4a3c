import { createHash } from 'node:crypto'

/** Values that identify nobody, by the contract's Identity rule 2; compared in lower case and without quotes. */
const words = [
  'null',
  'undefined',
  'none',
  'nan',
  'anonymous',
  'unknown',
  'guest',
  'true',
  'false',
  '-1',
  '[object object]',
]
/** As faulty scripts write them before they hash them. */
const usualSpellings = [
  '[object Object]',
  'NaN',
  'None',
  'NULL',
  'Null',
  'True',
  'False',
  'Guest',
  'Unknown',
  'Anonymous',
]
const addresses = [
  'test@test.com',
  'test@example.com',
  'example@example.com',
  'none@none.com',
  'no@email.com',
]
const zerosAndDashes = /^[0\p{Pd}]*$/u
const quotes = /^["'`“”„‘’«»]+|["'`“”„‘’«»]+$/g
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it looks for
const controlCharacters = /[\u0000-\u001f\u007f-\u009f]/
const cardNumber = /^\d{12,19}$/

export type JunkFilter = {
  /** Whether a trimmed value of any type identifies nobody. */
  isJunk: (value: string) => boolean
  /** Whether the SHA-256, in lower-case hex, is that of a value that identifies nobody. */
  isJunkHash: (hex: string) => boolean
}

export function createJunkFilter(blockedValues: readonly string[]): JunkFilter {
  const blocked = new Set([...words, ...addresses, ...blockedValues].map((value) => value.toLowerCase()))
  const spellings = ['', ...usualSpellings, ...blocked, ...blockedValues]
  const hashes = new Set(spellings.map((value) => createHash('sha256').update(value).digest('hex')))
  return {
    isJunk: (value) => {
      if (controlCharacters.test(value) || hasMoreCharactersThan(value, 255)) return true
      const bare = value.replace(quotes, '').trim().toLowerCase()
      return zerosAndDashes.test(bare) || blocked.has(bare)
    },
    isJunkHash: (hex) => hashes.has(hex),
  }
}

/** A raw card number must not be kept: 12 to 19 digits, spaces and dashes aside, that pass the Luhn check. */
export function isCardNumber(value: string): boolean {
  const digits = value.replace(/[\s\p{Pd}]/gu, '')
  return cardNumber.test(digits) && passesLuhn(digits)
}

function passesLuhn(digits: string): boolean {
  let sum = 0
  for (let i = 0; i < digits.length; i++) {
    const digit = Number(digits[digits.length - 1 - i])
    const weighted = i % 2 === 1 ? digit * 2 : digit
    sum += weighted > 9 ? weighted - 9 : weighted
  }
  return sum % 10 === 0
}

function hasMoreCharactersThan(value: string, limit: number): boolean {
  return value.length > limit && [...value].length > limit
}
