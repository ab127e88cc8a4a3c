import { describe, expect, it } from 'vitest'
import type { Engine } from '../simulation/engines.ts'
import type { Act, Race } from './race.ts'
import { ordersOf, stateAfter, statesAfter } from './race-outcome.ts'
import { createRacecourse } from './racecourse.ts'
import type { Kind } from './request-kind.ts'

/** One test per race and order in which its workers come to their end. */
export function testRaces(races: readonly Race[], engine: () => Engine): void {
  for (const race of races) {
    describe(race.name, () => {
      for (const order of ordersOf(race.acts)) {
        const held = order.slice(0, -1)
        const last = order.slice(-1)
        const test = held.some((act) => act.held.isOpen) ? it.fails : it
        const are = held.length === 1 ? 'is' : 'are'
        test(`${names(last)} while ${names(held)} ${are} held`, () => holdAllBut(last, held, race, engine()))
      }
    })
  }
}

const names = (acts: readonly Act[]): string => acts.map(({ name }) => name).join(' and ')

/** All are held in the midst of their work but one, which comes to its end; then the others, the last held first. */
async function holdAllBut(
  last: readonly Act[],
  held: readonly Act[],
  race: Race,
  engine: Engine,
): Promise<void> {
  const course = await createRacecourse(engine, race)
  const waiting = held.map((act) => ({ act, worker: course.worker(act) }))
  for (const { act, worker } of waiting) {
    const { at } = act.held
    expect(await worker.until(at), `${act.name} comes to ${at.kind}`).toBe(true)
  }
  for (const act of last) await course.worker(act).finish()
  for (const { worker } of waiting.toReversed()) await worker.finish()
  const { state, faults, quarantined } = await course.end()

  expect(faults).toEqual([])
  expect(quarantined).toEqual([])
  const thatCome = (place: Act['held']['comes']) => held.filter((act) => act.held.comes === place)
  const order = [...thatCome('first'), ...last, ...thatCome('last').toReversed()]
  if (thatCome('any').length > 0) expect(statesAfter(race)).toContainEqual(state)
  else expect(state).toEqual(stateAfter(race, order))
  for (const { act, worker } of waiting) {
    const { conflicts, requests } = act.held
    if (conflicts !== 'any') expect(worker.gate.conflicts(), `conflicts of ${act.name}`).toBe(conflicts)
    expect(countOf(worker.gate.requests), `requests of ${act.name}`).toMatchObject(requests)
  }
}

const countOf = (kinds: readonly Kind[]): Partial<Record<Kind, number>> =>
  Object.fromEntries(kinds.map((kind) => [kind, kinds.filter((other) => other === kind).length]))

/** One test per race: every pair of requests at which its two workers can be held. */
export function testHolds(races: readonly Race[], engine: () => Engine): void {
  for (const race of races) {
    const test = race.acts.some((act) => act.held.isOpen) ? it.fails : it
    test(race.name, async () => {
      for (const order of ordersOf(race.acts)) await holdEverywhere(order, race, engine())
    })
  }
}

/** The first is held at each of its requests, then the second at each of its; then the first goes on to its end. */
async function holdEverywhere([first, second]: Act[], race: Race, engine: Engine): Promise<void> {
  if (!first || !second) throw new Error('a race of two has two acts')
  const allowed = statesAfter(race)
  for (let i = 1, isOver = false; !isOver; i++) {
    for (let j = 1, isHeld = true; isHeld && !isOver; j++) {
      await engine.clear()
      const course = await createRacecourse(engine, race)
      const [a, b] = [course.worker(first), course.worker(second)]
      isOver = !(await a.until({ kind: 'any', nth: i }))
      isHeld = await b.until({ kind: 'any', nth: j })
      await a.finish()
      await b.finish()
      const { state, faults, quarantined } = await course.end()
      const where = `${first.name} held at request ${i}, ${second.name} at ${j}`
      expect(faults, where).toEqual([])
      expect(quarantined, where).toEqual([])
      expect(allowed, where).toContainEqual(state)
    }
  }
}
