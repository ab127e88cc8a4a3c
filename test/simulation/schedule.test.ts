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

describe('a request to a real store', () => {
  /** A register that answers when it likes, as a server does. */
  const createRegister = () => {
    const register = { value: 0, writes: 0, underWay: 0, mostUnderWay: 0 }
    const answer = async <T>(act: () => T): Promise<T> => {
      register.mostUnderWay = Math.max(register.mostUnderWay, ++register.underWay)
      for (let turn = 0; turn < 5; turn++) await new Promise((resolve) => setImmediate(resolve))
      register.underWay -= 1
      return act()
    }
    const read = () => answer(() => register.value)
    const write = (value: number) =>
      answer(() => {
        register.value = value
        register.writes += 1
      })
    return { register, read, write }
  }
  const call = (worker: string, command: string) => ({ worker, command, about: () => '' })

  const increments = async (seed: number, faults: Faults = {}, faultLimit = 20) => {
    const { schedule } = createWorld(seed, faults, faultLimit)
    const { register, read, write } = createRegister()
    const increment =
      (name: string): Worker =>
      async () => {
        const value = await schedule.perform(call(name, 'read'), read)
        await schedule.perform(call(name, 'write'), () => write(value + 1))
      }
    const report = await schedule.run({ a: increment('a'), b: increment('b') })
    return { ...report, ...register }
  }

  it('goes in the order of the seed, one at a time', async () => {
    const values = new Set<number>()
    for (const seed of seeds(30)) {
      const first = await increments(seed)
      expect(describeSteps(await increments(seed))).toEqual(describeSteps(first))
      expect(first.mostUnderWay).toBe(1)
      values.add(first.value)
    }
    expect([...values].sort()).toEqual([1, 2])
  })

  it.each<[Faults, number, number]>([
    [{ crashBefore: 1 }, 0, 1],
    [{ crashAfter: 1 }, 1, 1],
    [{ throttle: 1 }, 0, 1],
    [{ timeoutNotDone: 1 }, 0, 1],
    [{ timeoutDone: 1 }, 1, 1],
  ])(
    'that meets %o takes effect %i times before its worker is begun again',
    async (faults, done, restarts) => {
      const { schedule } = createWorld(1, faults, 1)
      const { register, write } = createRegister()
      const writesBefore: number[] = []
      const report = await schedule.run({
        a: async () => {
          writesBefore.push(register.writes)
          await schedule.perform(call('a', 'write'), () => write(1))
        },
      })
      expect({ writesBefore, restarts: report.restarts }).toEqual({ writesBefore: [0, done], restarts })
    },
  )

  it('that fails tells its worker so', async () => {
    const { schedule } = createWorld(1)
    const failure = schedule.run({
      a: () => schedule.perform(call('a', 'read'), () => Promise.reject(new Error('refused'))),
    })
    await expect(failure).rejects.toThrow('worker a failed')
  })

  it('outside of a run is sent at once', async () => {
    const { schedule } = createWorld(1, { throttle: 1 })
    const { read } = createRegister()
    expect(await schedule.perform(call('a', 'read'), read)).toBe(0)
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
