/** A set of so many items, and the places, from 1, of those that are the antecedent and of those that are not. */
export interface Split {
  size: number
  antecedent: number[]
  consequent: number[]
}

/** All ways to make rules of sets of 2 to so many items. */
export const splitsUpTo = (maxLength: number, maxConsequent: number): Split[] =>
  Array.from({ length: maxLength - 1 }, (_, at) => at + 2).flatMap((size) => splitsOf(size, maxConsequent))

function splitsOf(size: number, maxConsequent: number): Split[] {
  const places = Array.from({ length: size }, (_, at) => at + 1)
  return Array.from({ length: 2 ** size - 2 }, (_, at) => at + 1)
    .map((chosen) => ({
      size,
      antecedent: places.filter((place) => !isIn(chosen, place)),
      consequent: places.filter((place) => isIn(chosen, place)),
    }))
    .filter(({ consequent }) => consequent.length <= maxConsequent)
}

const isIn = (chosen: number, place: number): boolean => Math.floor(chosen / 2 ** (place - 1)) % 2 === 1

/** As rules.sql reads them. */
export const splitsText = (splits: readonly Split[]): string =>
  splits
    .map(({ size, antecedent, consequent }) => `${size}|${antecedent.join()}|${consequent.join()}`)
    .join(';')

/** How many rules come of so many sets of each size. */
export function rulesOf(setsBySize: ReadonlyMap<number, number>, splits: readonly Split[]): number {
  return splits.reduce((sum, { size }) => sum + (setsBySize.get(size) ?? 0), 0)
}
