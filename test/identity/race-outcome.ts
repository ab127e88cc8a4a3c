import { type EndState, endState } from './end-state.ts'
import { type Act, eventsOf, type Race, type Step } from './race.ts'
import { createReference } from './reference.ts'
import { namesIn } from './sent-event.ts'

/** What the race leads to when its acts happen one after the other. */
export const stateAfter = (race: Race, order: readonly Act[]): EndState =>
  stateAfterSteps(
    race,
    order.flatMap(({ steps }) => steps),
  )

/** Everything that a race of two may lead to: what comes of their steps in any order that keeps that of each. */
export function statesAfter(race: Race): EndState[] {
  const [first, second] = race.acts
  return interleavings(first?.steps ?? [], second?.steps ?? []).map((steps) => stateAfterSteps(race, steps))
}

function stateAfterSteps(race: Race, steps: readonly Step[]): EndState {
  const reference = createReference()
  eventsOf({ ...race, acts: [] }).forEach(reference.send)
  for (const step of steps) step(reference)
  return endState(reference.known(), namesIn(eventsOf(race)))
}

function interleavings<T>(a: readonly T[], b: readonly T[]): T[][] {
  const [firstOfA, ...restOfA] = a
  const [firstOfB, ...restOfB] = b
  if (firstOfA === undefined || firstOfB === undefined) return [[...a, ...b]]
  return [
    ...interleavings(restOfA, b).map((rest) => [firstOfA, ...rest]),
    ...interleavings(a, restOfB).map((rest) => [firstOfB, ...rest]),
  ]
}

export function ordersOf<T>(all: readonly T[]): T[][] {
  if (all.length === 0) return [[]]
  return all.flatMap((one, at) => ordersOf(all.toSpliced(at, 1)).map((others) => [one, ...others]))
}
