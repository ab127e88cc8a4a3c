import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { chainsOf } from '../../functions/identity/chains.ts'
import { createIdentifierNormaliser } from '../../functions/identity/identifier.ts'
import { identifierKey } from '../../functions/store/keys.ts'
import type { TouchpointEvent } from '../../functions/touchpoint/event.ts'
import { createSequentialWorld, hmacKey, type SentIdentifier, settings } from './sequential.ts'
import { eventOf, pool, shuffledWithRepeats, type World, worldOfEvents } from './small-worlds.ts'
import { faultsIn, groupsIn, nameOf, snapshot } from './world-view.ts'

function worldAfter(events: readonly TouchpointEvent[]): World {
  const world = createSequentialWorld()
  for (const event of events) world.send(event)
  return world
}

/** The same by definition, if nothing is refused: what events connect, through any number of others. */
function connected(events: readonly TouchpointEvent[]): string[] {
  const groups: Set<string>[] = []
  for (const { id, identifiers } of events) {
    const merged = new Set([id, ...identifiers.map(nameOf)])
    const touched = groups.filter((group) => [...merged].some((name) => group.has(name)))
    for (const group of touched) {
      for (const name of group) merged.add(name)
      groups.splice(groups.indexOf(group), 1)
    }
    groups.push(merged)
  }
  return groups.map((group) => [...group].sort().join(', ')).sort()
}

function permutations<T>(all: readonly T[]): T[][] {
  if (all.length === 0) return [[]]
  return all.flatMap((one, at) => permutations(all.toSpliced(at, 1)).map((others) => [one, ...others]))
}

const small = worldOfEvents({ events: 4, identifiers: pool })
const harmless = pool.filter(({ value }) => value !== 'c-2' && value !== 'c-3' && value !== 'L-2')

describe('the order of events', () => {
  it('does not matter to who belongs together if no order leads to a refusal', () => {
    let unrefused = 0
    fc.assert(
      fc.property(fc.oneof(small, worldOfEvents({ events: 4, identifiers: harmless })), (events) => {
        const worlds = permutations(events).map(worldAfter)
        if (worlds.some((world) => world.refusalCount() > 0)) return
        unrefused++
        expect(new Set(worlds.map((world) => groupsIn(world).join(' | '))).size).toBe(1)
      }),
      { numRuns: 600 },
    )
    expect(unrefused).toBeGreaterThan(150)
  })

  it('does not matter to who belongs together among five events', () => {
    fc.assert(
      fc.property(worldOfEvents({ events: 5, identifiers: harmless }), (events) => {
        const worlds = permutations(events).map(worldAfter)
        if (worlds.some((world) => world.refusalCount() > 0)) return
        expect(new Set(worlds.map((world) => groupsIn(world).join(' | '))).size).toBe(1)
      }),
      { numRuns: 60 },
    )
  })

  it('gives, wherever nothing was refused, what the events connect', () => {
    let unrefused = 0
    const anyWorld = fc.oneof(
      worldOfEvents({ events: 12, identifiers: harmless }),
      worldOfEvents({ events: 6, identifiers: pool }),
    )
    fc.assert(
      fc.property(
        anyWorld.chain((events) => shuffledWithRepeats(events)),
        (sent) => {
          const world = worldAfter(sent)
          if (world.refusalCount() > 0) return
          unrefused++
          expect(groupsIn(world)).toEqual(connected(sent))
        },
      ),
      { numRuns: 2500 },
    )
    expect(unrefused).toBeGreaterThan(600)
  })
})

describe('an event sent again', () => {
  const repeated = worldOfEvents({ events: 12, identifiers: pool })

  it('changes nothing, whatever has been merged and shared since', () => {
    let shares = 0
    fc.assert(
      fc.property(
        repeated.chain((events) => fc.tuple(fc.constant(events), shuffledWithRepeats(events))),
        ([events, again]) => {
          const world = worldAfter(events)
          const before = snapshot(world)
          for (const event of again) world.send(event)
          expect(snapshot(world)).toEqual(before)
          expect(world.quarantined).toEqual([])
          if ([...world.bindings.values()].some(({ shared }) => shared)) shares++
        },
      ),
      { numRuns: 1000 },
    )
    expect(shares).toBeGreaterThan(100)
  })

  it('changes nothing between the others either', () => {
    fc.assert(
      fc.property(repeated, fc.infiniteStream(fc.nat()), (events, picks) => {
        const world = createSequentialWorld()
        const sent: TouchpointEvent[] = []
        for (const event of events) {
          sent.push(event)
          world.send(event)
          const before = snapshot(world)
          const old = sent[(picks.next().value ?? 0) % sent.length]
          if (old) world.send(old)
          expect(snapshot(world)).toEqual(before)
        }
      }),
      { numRuns: 700 },
    )
  })

  it('with other content is a conflict at its node and another touchpoint elsewhere', () => {
    const world = createSequentialWorld()
    const ann: SentIdentifier[] = [{ type: 'email', value: 'ann@example.org' }]
    const bob: SentIdentifier[] = [{ type: 'email', value: 'bob@example.org' }]
    world.send(eventOf('1', ann))
    world.send(eventOf('1', ann, 'search'))
    world.send(eventOf('1', bob, 'search'))
    expect(world.quarantined).toEqual([{ id: '1', reason: 'event_conflict' }])
    expect(world.stored().map(({ event: { type } }) => type)).toEqual(['view_item', 'search'])
  })
})

describe('after every event', () => {
  it('identifiers have one person, limits hold and merges form a tree', () => {
    fc.assert(
      fc.property(worldOfEvents({ events: 14, identifiers: pool }), (events) => {
        const world = createSequentialWorld()
        for (const event of events) {
          world.send(event)
          expect(faultsIn(world)).toEqual([])
        }
      }),
      { numRuns: 700 },
    )
  })

  it('limits of contacts hold, too, when everybody meets', () => {
    const many = Array.from({ length: 9 }, (_, at) => ({ type: 'email', value: `p${at}@example.org` }))
    const devices = Array.from({ length: 3 }, (_, at) => ({ type: 'wifi_id', value: `w${at}` }))
    fc.assert(
      fc.property(worldOfEvents({ events: 14, identifiers: [...many, ...devices] }), (events) => {
        expect(faultsIn(worldAfter(events))).toEqual([])
      }),
      { numRuns: 300 },
    )
  })
})

describe('events of a batch', () => {
  const normalise = createIdentifierNormaliser(settings)

  /** What an event touches, as the batch's world names it. */
  function concernsOf(event: TouchpointEvent, world: World): string[] {
    return normalise(event.identifiers, event.source).identifiers.flatMap((identifier) => {
      const key = identifierKey(identifier, hmacKey)
      const binding = world.bindings.get(key)
      const nodes = binding ? [binding.nodeId, binding.neutralNodeId ?? binding.nodeId] : []
      return [`identifier ${key}`, ...nodes.map((nodeId) => `node ${world.personOf(nodeId).personId}`)]
    })
  }

  it('come to the same, chain by chain in any order, as one by one in their order', () => {
    let chainsSeen = 0
    fc.assert(
      fc.property(
        worldOfEvents({ events: 14, identifiers: pool }),
        fc.integer({ min: 2, max: 8 }),
        fc.infiniteStream(fc.nat()),
        (events, size, picks) => {
          const batched = createSequentialWorld()
          for (let at = 0; at < events.length; at += size) {
            const batch = events.slice(at, at + size)
            const chains = chainsOf(batch, (event) => concernsOf(event, batched)).map((chain) => [...chain])
            chainsSeen += chains.length - 1
            while (chains.length > 0) {
              const pick = (picks.next().value ?? 0) % chains.length
              const next = chains[pick]?.shift()
              if (next) batched.send(next)
              if (chains[pick]?.length === 0) chains.splice(pick, 1)
            }
          }
          const single = worldAfter(events)
          expect(groupsIn(batched)).toEqual(groupsIn(single))
        },
      ),
      { numRuns: 600 },
    )
    expect(chainsSeen).toBeGreaterThan(300)
  })
})
