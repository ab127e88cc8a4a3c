import { upperTail } from './hypergeometric.ts'

/** With what stands around them, no more than a statement takes: one has at most 25 characters. */
const probabilitiesAtOnce = 7_500

/** A part of all tails, as packs.sql gives them. */
export interface Part {
  /** How many are before it. */
  before: number
  tails: string[]
}

export function partsOf(packs: readonly string[]): Part[] {
  const tails = packs.flatMap((pack) => pack.split(';'))
  return Array.from({ length: Math.ceil(tails.length / probabilitiesAtOnce) }, (_, at) => ({
    before: at * probabilitiesAtOnce,
    tails: tails.slice(at * probabilitiesAtOnce, (at + 1) * probabilitiesAtOnce),
  }))
}

/** In the order of the tails, as probabilities.sql reads them. */
export const probabilitiesText = ({ tails }: Part): string => tails.map(probabilityOf).join()

function probabilityOf(tail: string): number {
  const [hits = NaN, drawn = NaN, marked = NaN, population = NaN] = tail.split('|').map(Number)
  return upperTail({ hits, drawn, marked, population })
}
