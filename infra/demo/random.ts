export type Random = {
  /** From 0 up to but not including 1. */
  next(): number
  below(limit: number): number
  /** A whole number, both ends included. */
  between(lowest: number, highest: number): number
  chance(probability: number): boolean
  oneOf<T>(values: readonly T[]): T
  /** By weight; weights need not add up to anything. */
  byWeight<T>(values: readonly T[], weightOf: (value: T) => number): T
  /** One of the names, each with its weight. */
  weighted<Name extends string>(weights: Readonly<Partial<Record<Name, number>>>): Name
}

/** Mulberry32: the same numbers for the same seed, everywhere. */
export function createRandom(seed: number): Random {
  let state = seed >>> 0
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
  const below = (limit: number) => Math.floor(next() * limit)
  const oneOf = <T>(values: readonly T[]): T => {
    const value = values[below(values.length)]
    if (value === undefined) throw new Error('nothing to choose from')
    return value
  }
  const byWeight = <T>(values: readonly T[], weightOf: (value: T) => number): T => {
    let left = next() * values.reduce((sum, value) => sum + weightOf(value), 0)
    const chosen = values.find((value) => {
      left -= weightOf(value)
      return left < 0
    })
    return chosen ?? oneOf(values)
  }
  return {
    next,
    below,
    between: (lowest, highest) => lowest + below(highest - lowest + 1),
    chance: (probability) => probability > 0 && next() < probability,
    oneOf,
    byWeight,
    weighted: <Name extends string>(weights: Readonly<Partial<Record<Name, number>>>): Name => {
      const names: Name[] = []
      for (const name in weights) names.push(name)
      return byWeight(names, (name) => weights[name] ?? 0)
    },
  }
}
