import {
  ConditionalCheckFailedException,
  type DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb'
import { describe, expect, it } from 'vitest'
import type { SimulatedDynamoDB } from './dynamodb.ts'
import type { Faults } from './faults.ts'
import { describeSteps, type Worker } from './schedule.ts'
import { createWorld, Key, seeds, TableName, type World } from './world.ts'

const allFaults: Faults = {
  crashBefore: 0.05,
  crashAfter: 0.05,
  throttle: 0.05,
  timeoutDone: 0.05,
  timeoutNotDone: 0.05,
  repeat: 0.05,
  torn: 0.3,
  stale: 0.3,
  unprocessed: 0.1,
  statement: 0.1,
  contention: 0.05,
}

type Added = { client: DynamoDBClient; name: string; pause: (ms: number) => Promise<void> }

/** Adds a name to a list once, in spite of everything: reads, and writes if nobody has written since. */
async function add({ client, name, pause }: Added): Promise<void> {
  const { Item } = await client.send(new GetItemCommand({ TableName, Key, ConsistentRead: true }))
  const names = Item?.names?.L ?? []
  if (names.some(({ S }) => S === name)) return
  const version = Item?.v?.N ?? '0'
  try {
    await client.send(
      new PutItemCommand({
        TableName,
        Item: { ...Key, names: { L: [...names, { S: name }] }, v: { N: String(Number(version) + 1) } },
        ConditionExpression: 'attribute_not_exists(pk) OR v = :version',
        ExpressionAttributeValues: { ':version': { N: version } },
      }),
    )
  } catch (error) {
    if (!(error instanceof ConditionalCheckFailedException)) throw error
    await pause(50)
    await add({ client, name, pause })
  }
}

function addersOf({ schedule, store }: World): Record<string, Worker> {
  return Object.fromEntries(
    ['a', 'b', 'c'].map((name) => {
      const client = store.client(name)
      return [name, () => add({ client, name, pause: schedule.pause(name) })]
    }),
  )
}

/** Counts without any protection. */
function increment(store: SimulatedDynamoDB, name: string): Worker {
  const client = store.client(name)
  return async () => {
    const { Item } = await client.send(new GetItemCommand({ TableName, Key, ConsistentRead: true }))
    const v = { N: String(Number(Item?.v?.N ?? '0') + 1) }
    await client.send(new PutItemCommand({ TableName, Item: { ...Key, v } }))
  }
}

describe('the order', () => {
  it('is the same for the same seed, faults included', async () => {
    const play = async (seed: number): Promise<string[]> => {
      const here = createWorld(seed, allFaults)
      const report = await here.schedule.run(addersOf(here))
      return [...describeSteps(report), JSON.stringify(here.store.items(TableName))]
    }
    for (const seed of seeds(50)) expect(await play(seed)).toEqual(await play(seed))
  })

  it('differs between seeds, so that a race shows', async () => {
    const results = new Set<string | undefined>()
    for (const seed of seeds(200)) {
      const { schedule, store } = createWorld(seed)
      await schedule.run({ a: increment(store, 'a'), b: increment(store, 'b'), c: increment(store, 'c') })
      results.add(store.items(TableName)[0]?.v?.N)
    }
    expect([...results].sort()).toEqual(['1', '2', '3'])
  })

  it('lets nothing spoil what is done right', async () => {
    for (const seed of seeds(200)) {
      const here = createWorld(seed, allFaults)
      await here.schedule.run(addersOf(here))
      const names = here.store.items(TableName)[0]?.names?.L?.map(({ S }) => S)
      expect(names?.sort(), `seed ${seed}`).toEqual(['a', 'b', 'c'])
    }
  })
})

describe('a worker', () => {
  it.each([
    ['crashBefore', '1'],
    ['crashAfter', '2'],
  ] as const)('that meets %s is begun again', async (fault, expected) => {
    const { schedule, store } = createWorld(1, { [fault]: 1 }, 1)
    const attempts: number[] = []
    const client = store.client('a')
    const { restarts } = await schedule.run({
      a: async (attempt) => {
        attempts.push(attempt)
        const one = { ':one': { N: '1' } }
        const UpdateExpression = 'ADD v :one'
        await client.send(
          new UpdateItemCommand({ TableName, Key, UpdateExpression, ExpressionAttributeValues: one }),
        )
      },
    })
    expect({ attempts, restarts }).toEqual({ attempts: [0, 1], restarts: 1 })
    expect(store.items(TableName)[0]?.v?.N).toBe(expected)
  })

  it('that fails stops the run, which tells the seed and what happened', async () => {
    const { schedule, store } = createWorld(7)
    const client = store.client('a')
    const run = schedule.run({
      a: async () => {
        await client.send(new GetItemCommand({ TableName, Key }))
        throw new Error('a bug')
      },
    })
    await expect(run).rejects.toThrow(/seed 7: worker a failed.*\na GetItem/s)
  })

  it('that goes round in circles stops the run', async () => {
    const { schedule } = createWorld(7)
    const pause = schedule.pause('a')
    const circle = async (): Promise<void> => {
      while (true) await pause(100)
    }
    await expect(schedule.run({ a: circle })).rejects.toThrow('seed 7: the workers do not come to an end')
  })

  it('that waits for what never comes stops the run', async () => {
    const { schedule } = createWorld(7)
    await expect(schedule.run({ a: () => new Promise(() => {}) })).rejects.toThrow('seed 7: a')
  })
})
