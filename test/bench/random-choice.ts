import type { Random } from '../../infra/demo/random.ts'

export function oneOf<T>(random: Random, values: readonly T[]): T {
  const value = values[random.below(values.length)]
  if (value === undefined) throw new Error('nothing to choose from')
  return value
}

/** By weight; the weights need not add up to anything. */
export function weighted<T extends string>(random: Random, weights: Readonly<Record<T, number>>): T {
  const names: T[] = []
  for (const name in weights) names.push(name)
  let left = random.next() * names.reduce((sum, name) => sum + weights[name], 0)
  const chosen = names.find((name) => {
    left -= weights[name]
    return left < 0
  })
  return chosen ?? oneOf(random, names)
}
