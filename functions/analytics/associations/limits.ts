import { type Asked, type Support, supportOf } from './parameters.ts'
import type { Limits } from './steps.ts'

/** Candidates: about what a statement of Athena does in ten minutes. */
export const limits: Limits = { candidates: 500_000_000, rules: 1_000_000 }

const factors = [1.1, 1.25, 1.5, 2, 3, 5, 7.5, 10, 15, 20, 30, 50, 75, 100, 200, 500, 1_000, 10_000]

export interface Wish {
  /** In the words of the parameter. */
  minSupport: number
  support: Support
}

/** Higher supports, lowest first. */
export function higherSupports(asked: Asked): Wish[] {
  const { minSupport } = asked
  const wanted = factors.map((factor) =>
    minSupport < 1 ? roundedUp(minSupport * factor) : Math.ceil(minSupport * factor),
  )
  const possible = wanted.filter((wish) => wish > minSupport && (minSupport >= 1 || wish < 1))
  return [...new Set(possible)].map((wish) => ({
    minSupport: wish,
    support: supportOf({ ...asked, minSupport: wish }),
  }))
}

/** To two digits, which are enough for people. */
function roundedUp(share: number): number {
  const decimals = 1 - Math.floor(Math.log10(share))
  const digits = Math.ceil(Number((share * 10 ** decimals).toFixed(6)))
  return Number(`${digits}e${-decimals}`)
}

/** As fewer-*.sql reads them; the number of a wish, from 1, is its place. */
export const wishesText = (wishes: readonly Wish[]): string =>
  wishes.map(({ support: { minCount, minShare } }) => `${minCount}|${minShare}`).join(';')

/** A row of work_association_occurrence, before it is packed. */
const bytesOfOccurrence = 24

/** Both sides of the join, for the sets and then for where they are. */
const readings = 4

export const megabytesToRead = (occurrences: number): number =>
  Math.ceil((occurrences * bytesOfOccurrence * readings) / 1e6)

export const numberText = (value: number): string => value.toLocaleString('en-GB')
