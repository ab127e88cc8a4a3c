import type { Chain } from './chain.ts'
import { eliminated } from './eliminate.ts'
import { backwards, iterated } from './iterate.ts'

/** Up to here a table of all states by all states is quick. */
const mostEliminated = 150

const nothing = new Int32Array(0)

export interface RemovalEffects {
  /** Of a conversion from the start. */
  probability: number
  /** Of each value of the chain, how much of that is lost when every state that contains it is a dead end: 0 to 1. */
  effects: readonly number[]
}

/**
 * E. Anderl, I. Becker, F. von Wangenheim, J. H. Schumann, "Mapping the customer journey", International Journal of
 * Research in Marketing 33 (2016), with removal in states of several touches. Where nothing converts, all are 0.
 */
export function removalEffects(chain: Chain): RemovalEffects {
  const probabilityWithout = solverOf(chain)
  const probability = probabilityWithout(nothing)
  const effects = chain.statesOf.map((states) =>
    probability === 0 ? 0 : Math.max(0, 1 - probabilityWithout(states) / probability),
  )
  return { probability, effects }
}

function solverOf(chain: Chain): (removed: Int32Array) => number {
  const size = chain.conversions.length
  if (size <= mostEliminated) return (removed) => eliminated(chain, removed)
  const order = backwards(chain)
  const whole = iterated(chain, order, new Float64Array(size))
  return (removed) => (removed.length === 0 ? whole : iterated(chain, order, whole, removed))[0] ?? 0
}
