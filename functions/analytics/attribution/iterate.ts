import type { Chain } from './chain.ts'

/** Far more than chains of journeys need; what is then left is lost in rounding. */
const mostSweeps = 20_000

/** Probabilities of a conversion from each state. */
export type Probabilities = Float64Array<ArrayBuffer>

/**
 * Solves for the probability of a conversion from each state by sweeps (Gauss-Seidel) until nothing changes any more.
 * @param order of the states: those come first that are reached last
 * @param begin probabilities that are all at least, or all at most, those asked for, so that they only go one way
 * @param removed states that every step into ends without a conversion
 */
export function iterated(
  chain: Chain,
  order: Int32Array,
  begin: Probabilities,
  removed: Int32Array = new Int32Array(0),
): Probabilities {
  const found = begin.slice()
  const isGone = new Uint8Array(found.length)
  for (const state of removed) {
    isGone[state] = 1
    found[state] = 0
  }
  const kept = order.filter((state) => isGone[state] === 0)
  const totals = totalsOf(chain)
  for (let sweep = 0; sweep < mostSweeps; sweep++) if (!improves(chain, kept, totals, found)) break
  return found
}

function improves(chain: Chain, order: Int32Array, totals: Float64Array, found: Probabilities): boolean {
  const { offsets, targets, counts, conversions } = chain
  let isChanged = false
  for (let place = 0; place < order.length; place++) {
    const state = order[place] ?? 0
    let sum = conversions[state] ?? 0
    const end = offsets[state + 1] ?? 0
    for (let at = offsets[state] ?? 0; at < end; at++)
      sum += (counts[at] ?? 0) * (found[targets[at] ?? 0] ?? 0)
    const value = sum / (totals[state] ?? 1)
    if (value === found[state]) continue
    found[state] = value
    isChanged = true
  }
  return isChanged
}

function totalsOf({ offsets, counts, conversions, ends }: Chain): Float64Array {
  return Float64Array.from(conversions, (conversion, state) => {
    let sum = conversion + (ends[state] ?? 0)
    for (let at = offsets[state] ?? 0; at < (offsets[state + 1] ?? 0); at++) sum += counts[at] ?? 0
    return sum
  })
}

/** States after all that they lead to, but for circles: what is known of an end comes to the start in few sweeps. */
export function backwards({ offsets, targets, conversions }: Chain): Int32Array {
  const order = new Int32Array(conversions.length)
  const next = offsets.slice(0, -1)
  const isSeen = new Uint8Array(conversions.length)
  const path = [0]
  isSeen[0] = 1
  let done = 0
  for (;;) {
    const state = path.at(-1)
    if (state === undefined) return order.subarray(0, done)
    const at = next[state] ?? 0
    if (at >= (offsets[state + 1] ?? 0)) {
      order[done++] = state
      path.pop()
      continue
    }
    next[state] = at + 1
    const target = targets[at] ?? 0
    if (isSeen[target]) continue
    isSeen[target] = 1
    path.push(target)
  }
}
