import type { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { describe, expect, it } from 'vitest'
import { createRandom } from '../../infra/demo/random.ts'
import { smallWorld } from '../scenario/small-world.ts'
import { intercepted } from '../simulation/client.ts'
import { type Engine, onEveryServer } from '../simulation/engines.ts'
import { createSchedule, type Schedule, type Worker } from '../simulation/schedule.ts'
import { faultsIn } from './audit.ts'
import { knownIn } from './end-state.ts'
import { createIngestProcess, type Surroundings } from './ingest-process.ts'

const faults = {
  crashBefore: 0.01,
  crashAfter: 0.02,
  throttle: 0.01,
  timeoutDone: 0.02,
  timeoutNotDone: 0.01,
}

function scheduled(client: DynamoDBClient, worker: string, schedule: Schedule): DynamoDBClient {
  return intercepted(client, ({ command, commandName }, send) => {
    const about = () => ('input' in command ? JSON.stringify(command.input).slice(0, 300) : '')
    return schedule.perform({ worker, command: commandName, about }, send)
  })
}

/** Two or three shards of one small world, each with a worker of its own. */
async function run(seed: number, engine: Engine) {
  const random = createRandom(seed + 1_000_000)
  const lines = smallWorld(random, 4 + (seed % 6))
  const schedule = createSchedule({
    seed,
    faults,
    isRetried: (error) => error instanceof Error && error.name === 'StoreBusyError',
  })
  let made = 0
  const surroundings: Omit<Surroundings, 'pause'> = {
    nameOf: engine.nameOf,
    // As clocks of several containers give them: now and then a new one sorts before an older one.
    newId: () => `${String(++made + schedule.random.below(8)).padStart(10, '0')}-${made}`,
    quarantined: [],
    random: () => schedule.random.next(),
  }
  const shards = Array.from({ length: 2 + (seed % 2) }, (_, index): [string, string[]] => [
    `p${index + 1}`,
    lines.filter((line) => shardOf(line) % (2 + (seed % 2)) === index),
  ])
  const workers = shards.map(([name, ofShard]): [string, Worker] => {
    const batchSize = 1 + random.below(4)
    const progress = { done: 0 }
    return [
      name,
      async () => {
        const client = scheduled(engine.client(name), name, schedule)
        const process = createIngestProcess(client, { ...surroundings, pause: schedule.pause(name) })
        await process.deliver(ofShard, batchSize, progress)
      },
    ]
  })
  await schedule.run(Object.fromEntries(workers))
  const tables = {
    identity: await engine.items('identity'),
    touchpoints: await engine.items('touchpoints'),
    journeys: [],
  }
  const { touchpoints, nobodys } = knownIn(tables)
  const quarantined = new Set(surroundings.quarantined.map(({ eventId }) => eventId))
  return {
    faults: faultsIn(tables),
    sent: [...new Set(lines.map((line) => JSON.parse(line).id))].sort(),
    kept: [...touchpoints.map(({ id }) => id), ...nobodys, ...quarantined].sort(),
    broken: surroundings.quarantined.filter(({ reason }) => reason === 'internal_error'),
  }
}

/** What is sent twice comes twice to the same shard, as its partition key says. */
const shardOf = (line: string): number => Number(JSON.parse(line).id.slice(1))

const runs = Number(process.env.OMNIJOURNEY_SERVER_SCHEDULES ?? 60)
const firstSeed = Number(process.env.OMNIJOURNEY_SEED ?? 1)

describe('workers on a real server, with crashes, lost replies and retries', () => {
  onEveryServer((engine) => {
    it(`leave identities whole and every event stored or put aside once, in ${runs} schedules`, {
      timeout: 600_000,
    }, async () => {
      for (let seed = firstSeed; seed < firstSeed + runs; seed++) {
        await engine().clear()
        const { faults, sent, kept, broken } = await run(seed, engine())
        expect(faults, `seed ${seed}`).toEqual([])
        expect(broken, `seed ${seed}`).toEqual([])
        expect(kept, `seed ${seed}`).toEqual(sent)
      }
    })
  })
})
