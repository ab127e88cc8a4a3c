import { deviance, logRoot } from './stirling.ts'

/** Of `population` things `marked` are marked, `drawn` are drawn without putting back; `hits` of them are marked. */
export interface Draw {
  hits: number
  drawn: number
  marked: number
  population: number
}

/**
 * P(X ≥ hits) of the hypergeometric distribution: how likely that many or more are by chance. The relative error is
 * below 1e-12 from 1 down to 1e-300, for populations up to 1e9; what no double can hold is 0.
 * @throws RangeError for what cannot be drawn
 */
export function upperTail(draw: Draw): number {
  const { hits, drawn, marked, population } = draw
  if (![hits, drawn, marked, population].every(Number.isSafeInteger) || Math.max(drawn, marked) > population)
    throw new RangeError(`${JSON.stringify(draw)} cannot be drawn`)
  if (hits <= Math.max(0, drawn + marked - population)) return 1
  if (hits > Math.min(drawn, marked)) return 0
  // Beside the mean the smaller tail is summed: the other is then far enough from 0 to be its complement.
  const isAbove = hits > (drawn / population) * marked
  return isAbove ? upwards(draw) : 1 - downwards({ ...draw, hits: hits - 1 })
}

/** From a probability on, each next one by its ratio to the one before, as long as it adds something. */
function upwards(draw: Draw): number {
  const { drawn, marked, population } = draw
  const neither = population - drawn - marked
  let [term, sum] = [1, 1]
  for (let k = draw.hits; term > sum * tooLittle; k++) {
    term *= ((drawn - k) / (k + 1)) * ((marked - k) / (neither + k + 1))
    sum += term
  }
  return Math.min(1, probability(draw) * sum)
}

function downwards(draw: Draw): number {
  const { drawn, marked, population } = draw
  const neither = population - drawn - marked
  let [term, sum] = [1, 1]
  for (let k = draw.hits; term > sum * tooLittle; k--) {
    term *= (k / (drawn - k + 1)) * ((neither + k) / (marked - k + 1))
    sum += term
  }
  return Math.min(1, probability(draw) * sum)
}

const tooLittle = 2 ** -60

/**
 * P(X = hits) by Stirling's formula for the factorials of the table of two by two (C. Loader, Fast and Accurate
 * Computation of Binomial Probabilities, 2000): what would cancel is left out, so that only parts of one sign are added.
 * The difference between each cell and what is expected in it is the same for all four, and is computed exactly.
 */
function probability({ hits, drawn, marked, population }: Draw): number {
  const [others, rest] = [population - marked, population - drawn]
  const difference = overPopulation(
    BigInt(hits) * BigInt(population) - BigInt(drawn) * BigInt(marked),
    population,
  )
  const cells = [
    { count: hits, off: difference, expected: (drawn / population) * marked },
    { count: drawn - hits, off: -difference, expected: (drawn / population) * others },
    { count: marked - hits, off: -difference, expected: (rest / population) * marked },
    { count: rest - marked + hits, off: difference, expected: (rest / population) * others },
  ]
  const distance = cells.reduce((sum, { off, expected }) => sum + expected * deviance(off / expected), 0)
  const above = logRoot(drawn) + logRoot(rest) + logRoot(marked) + logRoot(others)
  const below = cells.reduce((sum, { count }) => sum + logRoot(count), logRoot(population))
  return Math.exp(above - below - distance)
}

/** A quotient of which the dividend is no safe integer: rounded once in each of its two parts. */
function overPopulation(dividend: bigint, population: number): number {
  const divisor = BigInt(population)
  return Number(dividend / divisor) + Number(dividend % divisor) / population
}
