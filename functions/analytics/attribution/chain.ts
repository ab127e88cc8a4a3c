/** What followed the last touches of journeys, and how often. */
export interface Transition {
  /** The last touches, oldest first; of the start none. */
  from: readonly string[]
  /** The next touch; null: the journey ended. */
  next: string | null
  /** Whether an end is a conversion. */
  isConversion: boolean
  count: number
}

/**
 * A Markov chain of counted transitions between states, each the last few touches of a journey; state 0 is the start.
 * The transitions of state s are those from offsets[s] up to offsets[s + 1].
 */
export interface Chain {
  /** All touches that there are, sorted. */
  values: readonly string[]
  /** Of each value, the states that contain it. */
  statesOf: readonly Int32Array[]
  offsets: Int32Array
  targets: Int32Array
  counts: Float64Array
  /** How often a journey ended in each state with a conversion, and how often without one. */
  conversions: Float64Array
  ends: Float64Array
}

interface State {
  touches: readonly string[]
  next: Map<string, number>
  conversions: number
  ends: number
}

/**
 * The chain of an order, from transitions of the same or a higher one. It does not depend on their order.
 * @param order how many touches a state remembers
 */
export function chainOf(transitions: readonly Transition[], order: number): Chain {
  const states = statesOf(transitions, order)
  const keys = [...states.keys()].sort()
  const indexOf = new Map(keys.map((key, at) => [key, at]))
  const values = [...new Set([...states.values()].flatMap(({ touches }) => touches))].sort()
  const edges = keys.map((key) => {
    const { touches = [], next = new Map<string, number>() } = states.get(key) ?? {}
    return [...next]
      .map(([value, count]) => ({ target: indexOf.get(keyOf(after(touches, value, order))) ?? 0, count }))
      .sort((a, b) => a.target - b.target)
  })
  const offsets = new Int32Array(keys.length + 1)
  for (const [at, { length }] of edges.entries()) offsets[at + 1] = (offsets[at] ?? 0) + length
  return {
    values,
    statesOf: statesByValue(values, keys, states),
    offsets,
    targets: Int32Array.from(edges.flat(), ({ target }) => target),
    counts: Float64Array.from(edges.flat(), ({ count }) => count),
    conversions: Float64Array.from(keys, (key) => states.get(key)?.conversions ?? 0),
    ends: Float64Array.from(keys, (key) => states.get(key)?.ends ?? 0),
  }
}

/** The empty key of the start sorts first. */
const keyOf = (touches: readonly string[]): string => touches.map((touch) => `${touch}\u0000`).join('')

const after = (touches: readonly string[], value: string, order: number): string[] =>
  [...touches, value].slice(-order)

function statesOf(transitions: readonly Transition[], order: number): Map<string, State> {
  const states = new Map<string, State>()
  const stateOf = (touches: readonly string[]): State => {
    const key = keyOf(touches)
    const state = states.get(key) ?? { touches, next: new Map(), conversions: 0, ends: 0 }
    states.set(key, state)
    return state
  }
  stateOf([])
  for (const { from, next, isConversion, count } of transitions) {
    const touches = from.slice(-order)
    const state = stateOf(touches)
    if (next !== null) {
      state.next.set(next, (state.next.get(next) ?? 0) + count)
      stateOf(after(touches, next, order))
    } else if (isConversion) state.conversions += count
    else state.ends += count
  }
  return states
}

function statesByValue(
  values: readonly string[],
  keys: readonly string[],
  states: ReadonlyMap<string, State>,
): Int32Array[] {
  const found = new Map<string, number[]>(values.map((value) => [value, []]))
  for (const [at, key] of keys.entries())
    for (const value of new Set(states.get(key)?.touches)) found.get(value)?.push(at)
  return values.map((value) => Int32Array.from(found.get(value) ?? []))
}
