import { describe, expect, it } from 'vitest'
import type { TouchpointEvent } from '../../functions/touchpoint/event.ts'
import { createRandom, type Random } from '../../infra/demo/random.ts'
import { createSimulatedDynamoDB } from '../simulation/dynamodb.ts'
import { createSchedule, type Worker } from '../simulation/schedule.ts'
import { shapes } from '../simulation/shapes.ts'
import { faultsIn } from './audit.ts'
import { endState, knownIn } from './end-state.ts'
import { createIds, createIngestProcess } from './ingest-process.ts'
import { eventsOf, type Race, sends } from './race.ts'
import { statesAfter } from './race-outcome.ts'
import { event, lineOf, namesIn } from './sent-event.ts'

const identifiers = [
  'customer_id:c-1',
  'customer_id:c-2',
  'loyalty_id:L-1',
  'email:ann',
  'email:bob',
  'payment_card:tok-1',
  'order_id:O-1',
  'device_id:d-1',
  'device_id:d-2',
  'cookie_id:k-1',
]

/** Up to three events of different days, each with up to three identifiers. */
function someEvents(random: Random, name: string): TouchpointEvent[] {
  return Array.from({ length: 1 + random.below(3) }, (_, index) => {
    const shuffled = identifiers
      .map((identifier) => ({ identifier, at: random.next() }))
      .sort((a, b) => a.at - b.at)
      .map(({ identifier }) => identifier)
    const chosen = shuffled.slice(0, 1 + random.below(3))
    const customers = chosen.filter((one) => one.startsWith('customer_id'))
    const withoutConflict = chosen.filter((one) => !customers.slice(1).includes(one))
    return event(`${name}-${index}-${1 + random.below(20)}`, ...withoutConflict)
  })
}

/** Two shards, event by event, in the order of the seed. */
async function run(seed: number) {
  const schedule = createSchedule({ seed, faults: { torn: 0.2, stale: 0.2 } })
  const store = createSimulatedDynamoDB({ tables: shapes, admission: schedule })
  const random = createRandom(seed)
  const race: Race = {
    name: `seed ${seed}`,
    before: someEvents(random, 'before'),
    acts: [sends(someEvents(random, 'one')), sends(someEvents(random, 'two'))],
  }
  const newId = createIds()
  const deliver = (name: string, events: readonly TouchpointEvent[]): Promise<void> => {
    const pause = schedule.pause(name)
    const surroundings = { nameOf: (table: string) => table, newId, quarantined: [], pause, random: () => 0 }
    return createIngestProcess(store.client(name), surroundings).deliver(events.map(lineOf), 1)
  }
  await deliver('before', race.before ?? [])
  const workers = race.acts.map(({ name, events }): [string, Worker] => [name, () => deliver(name, events)])
  await schedule.run(Object.fromEntries(workers))
  const tables = { identity: store.items('identity'), touchpoints: store.items('touchpoints'), journeys: [] }
  return { race, faults: faultsIn(tables), state: endState(knownIn(tables), namesIn(eventsOf(race))) }
}

const runs = Number(process.env.OMNIJOURNEY_SCHEDULES ?? 500)
const firstSeed = Number(process.env.OMNIJOURNEY_SEED ?? 1)

describe('two shards beside each other', () => {
  it(`lead to what some order of their events leads to, in ${runs} schedules`, {
    timeout: 600_000,
  }, async () => {
    for (let seed = firstSeed; seed < firstSeed + runs; seed++) {
      const { race, faults, state } = await run(seed)
      const what = `seed ${seed}: ${eventsOf(race).map(lineOf).join('\n')}`
      expect(faults, what).toEqual([])
      expect(statesAfter(race), what).toContainEqual(state)
    }
  })
})
