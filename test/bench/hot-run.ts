import { type DynamoDBClient, paginateScan } from '@aws-sdk/client-dynamodb'
import { pause } from '../../functions/runtime/clock.ts'
import type { Item } from '../../functions/store/dynamodb.ts'
import { createRandom } from '../../infra/demo/random.ts'
import { createSimulatedDynamoDB } from '../simulation/dynamodb.ts'
import { startDynoxide } from '../simulation/dynoxide.ts'
import { createSchedule } from '../simulation/schedule.ts'
import { createTables } from './cross-check.ts'
import { tables } from './functions-on-store.ts'
import { type Attempts, createCrew } from './hot-crew.ts'
import { faultsOf } from './hot-end.ts'
import type { HotTrial } from './hot-persons.ts'

export type HotRun = {
  /** Of each event. */
  attempts: Attempts[]
  /** Times that an event was given up, to come again. */
  failed: number
  /** Events that were put aside for a bug of ours. */
  quarantined: number
  faults: string[]
  ms: number
}

/** The workers on the simulated store, whose requests are answered in the order of a seed; the time is of no store. */
export async function runOnSchedule(trial: HotTrial, seed: number): Promise<HotRun> {
  const schedule = createSchedule({ seed })
  const store = createSimulatedDynamoDB({ tables, admission: schedule })
  const crew = createCrew(schedule.random.next)
  await crew.worker(store.client('before'), pause)(trial.before)
  const workers = trial.ofWorkers.map((events, at) => {
    const name = `worker ${at}`
    const work = crew.worker(store.client(name), schedule.pause(name))
    return [name, () => work(events)] as const
  })
  await schedule.run(Object.fromEntries(workers))
  const [identity, touchpoints] = [store.items('identity'), store.items('touchpoints')]
  return { ...crew.told(trial), faults: faultsOf(trial, { identity, touchpoints }), ms: Number.NaN }
}

/** The workers as they come, on a server in a process of its own. */
export async function runOnDynoxide(trial: HotTrial, seed: number): Promise<HotRun> {
  const { client, stop } = await startDynoxide()
  try {
    await createTables(client)
    const crew = createCrew(createRandom(seed).next)
    await crew.worker(client, pause)(trial.before)
    const startMs = performance.now()
    await Promise.all(trial.ofWorkers.map((events) => crew.worker(client, pause)(events)))
    const ms = performance.now() - startMs
    const [identity, touchpoints] = [await itemsOf(client, 'identity'), await itemsOf(client, 'touchpoints')]
    return { ...crew.told(trial), faults: faultsOf(trial, { identity, touchpoints }), ms }
  } finally {
    await stop()
  }
}

async function itemsOf(client: DynamoDBClient, TableName: string): Promise<Item[]> {
  const items: Item[] = []
  for await (const { Items = [] } of paginateScan({ client }, { TableName, ConsistentRead: true })) {
    items.push(...Items)
  }
  return items
}
