import { describe, expect, it } from 'vitest'
import { joinRules } from '../../functions/identity/person.ts'
import { type Model, retail } from '../../functions/journey/model.ts'
import { createRandom } from '../../infra/demo/random.ts'
import { settings } from '../identity/sequential.ts'
import { travel } from '../journey/travel.ts'
import { createSchedule, type Worker } from '../simulation/schedule.ts'
import { createSimulatedSystem, keyRings } from './simulated-system.ts'
import { apartWorld, onePersonsWorld, smallWorld } from './small-world.ts'
import { identityFaults, journeyDifferences, storedTwice, touchpointsIn } from './stored.ts'

const faults = {
  crashBefore: 0.01,
  crashAfter: 0.01,
  throttle: 0.01,
  timeoutDone: 0.01,
  timeoutNotDone: 0.01,
  repeat: 0.01,
  torn: 0.1,
  stale: 0.3,
  unprocessed: 0.02,
  statement: 0.02,
  contention: 0.02,
}

/**
 * One seeded run: two shards of events, two operators, and four consumers of the tables' streams beside them. If the
 * model changes, each consumer goes over to the next one at a time of its own.
 */
async function run(seed: number, events: number, next?: Model) {
  const schedule = createSchedule({
    seed,
    faults,
    isRetried: (error) => error instanceof Error && error.name === 'StoreBusyError',
  })
  const system = createSimulatedSystem(schedule)
  const random = createRandom(seed + 1_000_000)
  const lines = smallWorld(random, events)
  const half = Math.floor(lines.length / 2)
  let running = 4
  const counted =
    (worker: Worker): Worker =>
    async (attempt) => {
      await worker(attempt)
      running--
    }
  const isOver = () => running === 0
  const even = (pk: string) => (pk.charCodeAt(pk.length - 1) & 1) === 0
  const odd = (pk: string) => !even(pk)
  const isKeyReplaced = seed % 4 === 0
  const [older, newer] = isKeyReplaced
    ? [keyRings.added, keyRings.current]
    : [keyRings.before, keyRings.before]
  const consumers = ['t1', 't2', 'i1', 'i2'] as const
  const replaced = new Set<string>()
  const modelFor = (consumer: string) => {
    let left = next ? random.below(12) : Number.POSITIVE_INFINITY
    return () => {
      if (!next || left-- > 0) return retail
      replaced.add(consumer)
      return next
    }
  }
  const isReplaced = () => replaced.size === consumers.length
  const shard = (consumer: (typeof consumers)[number], isMine: (pk: string) => boolean): Worker => {
    const table = consumer.startsWith('t') ? 'touchpoints' : 'identity'
    const follow = system.journeyShard(consumer, table, isMine, isOver, modelFor(consumer))
    return async (attempt) => {
      await follow(attempt)
      replaced.add(consumer)
    }
  }
  const actions = () => (random.chance(0.6) ? 0 : 1 + random.below(4))
  await schedule.run({
    p1: counted(system.processShard('p1', lines.slice(0, half), 1 + random.below(6), older)),
    p2: counted(system.processShard('p2', lines.slice(half), 1 + random.below(6), newer)),
    o1: counted(system.operator('o1', actions(), older)),
    o2: counted(system.operator('o2', actions(), newer)),
    t1: shard('t1', even),
    t2: shard('t2', odd),
    i1: shard('i1', even),
    i2: shard('i2', odd),
    ...(next && { refold: system.refold('refold', next, isReplaced) }),
  })
  return { system, lines }
}

const modelOf = (seed: number) => (seed % 3 === 0 ? travel : retail)

describe('one person whose events come in any order', () => {
  it('has the journeys that a fold in their own order says', async () => {
    for (let seed = 1; seed <= 1_200; seed++) {
      const schedule = createSchedule({ seed })
      const system = createSimulatedSystem(schedule)
      const random = createRandom(seed)
      const lines = onePersonsWorld(random, 4 + (seed % 16))
      const model = modelOf(seed)
      let isOver = false
      await schedule.run({
        process: async (attempt) => {
          await system.processShard('process', lines, 1 + random.below(3))(attempt)
          isOver = true
        },
        journey: system.journeyShard(
          'journey',
          'touchpoints',
          () => true,
          () => isOver,
          () => model,
        ),
      })
      const { told, stored } = journeyDifferences(system.tables(), model)
      expect(stored, `seed ${seed}`).toEqual(told)
      expect(system.broken, `seed ${seed}`).toEqual([])
    }
  }, 60_000)
})

describe('every event sent again at the end', () => {
  it('changes nothing, whatever was merged, marked and undone in between', async () => {
    let marked = 0
    for (let seed = 1; seed <= 600; seed++) {
      const schedule = createSchedule({ seed })
      const system = createSimulatedSystem(schedule)
      const random = createRandom(seed)
      const lines = smallWorld(random, 6 + (seed % 14))
      await schedule.run({
        process: system.processShard('process', lines, 1 + random.below(4)),
        operator: system.operator('operator', 2 + random.below(8)),
      })
      const before = system.tables()
      const quarantined = system.quarantined.length
      await schedule.run({ again: system.processShard('again', lines, 1 + random.below(4)) })
      expect(system.tables(), `seed ${seed}`).toEqual(before)
      const kinds = system.quarantined.slice(quarantined).map(({ reason }) => reason)
      expect(kinds.filter((reason) => reason !== 'identifier_conflict')).toEqual([])
      if (before.identity.some(({ s }) => s !== undefined)) marked++
    }
    expect(marked).toBeGreaterThan(200)
  }, 60_000)
})

describe('histories that operators join and part', () => {
  it('have the journeys that a fold of what is left says, whatever came and went', async () => {
    for (let seed = 1; seed <= 400; seed++) {
      const schedule = createSchedule({ seed, faults: { stale: 0.3, torn: 0.1, crashAfter: 0.005 } })
      const system = createSimulatedSystem(schedule)
      const random = createRandom(seed)
      const lines = apartWorld(random, 20 + random.below(30))
      let running = 2
      const counted =
        (worker: Worker): Worker =>
        async (attempt) => {
          await worker(attempt)
          running--
        }
      const isOver = () => running === 0
      const all = () => true
      const model = modelOf(seed)
      await schedule.run({
        process: counted(system.processShard('process', lines, 1 + random.below(3))),
        operator: counted(system.operator('operator', 6 + random.below(20))),
        touchpoints: system.journeyShard('touchpoints', 'touchpoints', all, isOver, () => model),
        identity: system.journeyShard('identity', 'identity', all, isOver, () => model),
      })
      const { told, stored } = journeyDifferences(system.tables(), model)
      expect(stored, `seed ${seed}`).toEqual(told)
      expect(system.broken, `seed ${seed}`).toEqual([])
    }
  }, 60_000)
})

describe('a model that changes while all of this goes on', () => {
  it('leaves what a fold by the new one says, of everybody, once the containers of the old one are gone', {
    timeout: 120_000,
  }, async () => {
    for (let seed = 1; seed <= 300; seed++) {
      const { system } = await run(seed, 4 + (seed % 12), travel)
      const tables = system.tables()
      expect(system.broken, `seed ${seed}`).toEqual([])
      const { told, stored } = journeyDifferences(tables, travel)
      expect(stored, `seed ${seed}`).toEqual(told)
    }
  })
})

const runs = Number(process.env.OMNIJOURNEY_SCHEDULES ?? 1500)
const firstSeed = Number(process.env.OMNIJOURNEY_SEED ?? 1)

describe('process, journey and operators beside each other, with crashes, stale reads, lost replies and retries', () => {
  it(`end in what a fold of the stored touchpoints says, in ${runs} schedules`, {
    timeout: 600_000,
  }, async () => {
    const { limits } = joinRules(settings)
    for (let seed = firstSeed; seed < firstSeed + runs; seed++) {
      const { system, lines } = await run(seed, 4 + (seed % 12))
      const tables = system.tables()
      expect(system.broken, `seed ${seed}`).toEqual([])
      expect(identityFaults(tables, limits), `seed ${seed}`).toEqual([])
      const { told, stored } = journeyDifferences(tables)
      expect(stored, `seed ${seed}`).toEqual(told)
      const sent = new Set(lines.map((line) => JSON.parse(line).id))
      expect(system.quarantined.filter(({ reason }) => reason === 'event_conflict')).toEqual([])
      expect(storedTwice(tables), `seed ${seed}`).toEqual([])
      const kept = new Set([
        ...touchpointsIn(tables).map(({ id }) => id),
        ...system.quarantined.map(({ eventId }) => eventId),
      ])
      expect(kept, `seed ${seed}`).toEqual(sent)
    }
  })
})
