import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Problem } from '../../functions/http/problem.ts'
import type { TouchpointEvent } from '../../functions/touchpoint/event.ts'
import { createSequentialWorld } from './sequential.ts'
import { pool, type World, worldOfEvents } from './small-worlds.ts'
import { faultsIn, groupsIn, snapshot } from './world-view.ts'

type Action = { kind: 'merge' | 'undo' | 'share' | 'lift'; pick: number; other: number }
type Step = { event: TouchpointEvent } | Action

const devices = pool.filter(({ type }) => type === 'device_id' || type === 'cookie_id')
const action: fc.Arbitrary<Action> = fc.record({
  kind: fc.constantFrom('merge', 'undo', 'undo', 'share', 'lift'),
  pick: fc.nat(),
  other: fc.nat(),
})

/** Events with what operators do in between. */
const history: fc.Arbitrary<Step[]> = fc
  .tuple(
    worldOfEvents({ events: 12, identifiers: pool }),
    fc.array(fc.tuple(fc.nat(), action), { maxLength: 8 }),
  )
  .map(([events, actions]) => {
    const steps: Step[] = events.map((event) => ({ event }))
    for (const [at, one] of actions) steps.splice(at % (steps.length + 1), 0, one)
    return steps
  })

const at = <T>(values: readonly T[], pick: number): T | undefined => values[pick % values.length]

/** Does a step; the ids of merges by hand are added to `byHand`. */
function take(world: World, step: Step, byHand: Set<string>): void {
  if ('event' in step) {
    world.send(step.event)
    return
  }
  const { kind, pick, other } = step
  const device = at(devices, pick)
  switch (kind) {
    case 'merge': {
      const [a, b] = [at(world.persons(), pick), at(world.persons(), other)]
      if (!a || !b || a === b) return
      const before = new Set([...a.connections, ...b.connections].map(({ mergeId }) => mergeId))
      try {
        world.mergeByHand(a, b)
      } catch (error) {
        if (!(error instanceof Problem)) throw error
        return
      }
      for (const { mergeId } of world.personOf(a.personId).connections)
        if (!before.has(mergeId)) byHand.add(mergeId)
      return
    }
    case 'undo': {
      const connected = world.persons().filter(({ connections }) => connections.length > 0)
      const person = at(connected, pick)
      const connection = person && at(person.connections, other)
      if (connection) world.undo(person, connection.mergeId)
      return
    }
    case 'share':
    case 'lift':
      if (device) world.mark(device, kind === 'share')
  }
}

/** Pairs of nodes that an undone merge keeps apart: those that are in two persons now. */
function keptApart(world: World): string[] {
  const pairs = world
    .persons()
    .flatMap(({ connections }) =>
      connections.flatMap(({ nodes: [a, b], undoneAt }) =>
        undoneAt !== null && world.personOf(a) !== world.personOf(b) ? [`${a} ${b}`] : [],
      ),
    )
  return [...new Set(pairs)].sort()
}

describe('what operators do between events', () => {
  it('leaves identifiers with one person each and merges that are the state', () => {
    let undone = 0
    fc.assert(
      fc.property(history, (steps) => {
        const [world, byHand] = [createSequentialWorld(), new Set<string>()]
        for (const step of steps) {
          take(world, step, byHand)
          expect(faultsIn(world, byHand)).toEqual([])
        }
        if (keptApart(world).length > 0) undone++
      }),
      { numRuns: 1500 },
    )
    expect(undone).toBeGreaterThan(200)
  })

  it('does not change what any earlier event did, sent again at any later time', () => {
    let marked = 0
    fc.assert(
      fc.property(history, fc.infiniteStream(fc.nat()), (steps, picks) => {
        const [world, byHand] = [createSequentialWorld(), new Set<string>()]
        const sent: TouchpointEvent[] = []
        for (const step of steps) {
          take(world, step, byHand)
          if ('event' in step) sent.push(step.event)
          const before = snapshot(world)
          const old = at(sent, picks.next().value ?? 0)
          if (old) world.send(old)
          expect(snapshot(world)).toEqual(before)
        }
        const before = snapshot(world)
        for (const event of sent) world.send(event)
        expect(snapshot(world)).toEqual(before)
        expect(world.quarantined).toEqual([])
        if ([...world.bindings.values()].some(({ neutralNodeId }) => neutralNodeId !== null)) marked++
      }),
      { numRuns: 1500 },
    )
    expect(marked).toBeGreaterThan(200)
  })

  it('keeps apart whom an undo has set apart, whatever events bring', () => {
    fc.assert(
      fc.property(history, (steps) => {
        const [world, byHand] = [createSequentialWorld(), new Set<string>()]
        for (const step of steps) {
          const before = keptApart(world)
          take(world, step, byHand)
          if ('event' in step) expect(keptApart(world)).toEqual(before)
        }
      }),
      { numRuns: 1000 },
    )
  })

  it('is gone without a trace in who belongs together, when a merge by hand is undone at once', () => {
    let merged = 0
    fc.assert(
      fc.property(history, fc.nat(), fc.nat(), (steps, pick, other) => {
        const [world, byHand] = [createSequentialWorld(), new Set<string>()]
        for (const step of steps) take(world, step, byHand)
        const before = groupsIn(world)
        byHand.clear()
        take(world, { kind: 'merge', pick, other }, byHand)
        const [mergeId] = byHand
        if (mergeId === undefined) return
        merged++
        expect(groupsIn(world)).not.toEqual(before)
        const person = world
          .persons()
          .find(({ connections }) => connections.some((one) => one.mergeId === mergeId))
        if (person) world.undo(person, mergeId)
        expect(groupsIn(world)).toEqual(before)
      }),
      { numRuns: 1000 },
    )
    expect(merged).toBeGreaterThan(200)
  })
})
