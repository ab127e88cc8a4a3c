import {
  BatchExecuteStatementCommand,
  BatchGetItemCommand,
  type DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  TransactWriteItemsCommand,
} from '@aws-sdk/client-dynamodb'
import { describe, expect, it } from 'vitest'
import type { SimulatedDynamoDB } from './dynamodb.ts'
import type { Faults } from './faults.ts'
import { createWorld, Key, seeds, TableName } from './world.ts'

const insert = (sk: string): { Statement: string; Parameters: { S: string }[] } => ({
  Statement: `INSERT INTO "${TableName}" VALUE {'pk': ?, 'sk': ?}`,
  Parameters: [{ S: 'p' }, { S: sk }],
})

describe('a request', () => {
  const one = async (
    faults: Faults,
    act: (client: DynamoDBClient) => Promise<unknown>,
  ): Promise<SimulatedDynamoDB> => {
    const { schedule, store } = createWorld(3, faults, 1)
    const client = store.client('a')
    await schedule.run({
      a: async () => {
        await act(client)
      },
    })
    return store
  }
  const put = new PutItemCommand({ TableName, Item: Key, ConditionExpression: 'attribute_not_exists(pk)' })

  it.each<[Faults, string, number]>([
    [{ throttle: 1 }, 'ProvisionedThroughputExceededException', 0],
    [{ timeoutNotDone: 1 }, 'TimeoutError', 0],
    [{ timeoutDone: 1 }, 'TimeoutError', 1],
    [{ contention: 1 }, 'TransactionConflictException', 0],
    [{ repeat: 1 }, 'ConditionalCheckFailedException', 1],
  ])('that meets %o fails with %s', async (faults, name, items) => {
    const store = await one(faults, (client) => expect(client.send(put)).rejects.toMatchObject({ name }))
    expect(store.items(TableName)).toHaveLength(items)
  })

  it('that is a transaction is not done twice when the SDK repeats it', async () => {
    const ExpressionAttributeValues = { ':one': { N: '1' } }
    const Update = { TableName, Key, UpdateExpression: 'ADD v :one', ExpressionAttributeValues }
    const store = await one({ repeat: 1 }, (client) =>
      client.send(new TransactWriteItemsCommand({ TransactItems: [{ Update }] })),
    )
    expect(store.items(TableName)[0]?.v?.N).toBe('1')
    expect(store.log).toHaveLength(2)
  })

  it('that is a transaction is cancelled by another one', async () => {
    const transaction = new TransactWriteItemsCommand({ TransactItems: [{ Put: { TableName, Item: Key } }] })
    await one({ contention: 1 }, (client) =>
      expect(client.send(transaction)).rejects.toMatchObject({
        CancellationReasons: [{ Code: 'TransactionConflict' }],
      }),
    )
  })

  it('that is a batch may be done in part', async () => {
    const Statements = [insert('1'), insert('2')]
    const store = await one({ statement: 1 }, async (client) => {
      const { Responses } = await client.send(new BatchExecuteStatementCommand({ Statements }))
      expect(Responses).toMatchObject([{ Error: { Code: expect.any(String) } }, { TableName }])
      const get = new BatchGetItemCommand({ RequestItems: { [TableName]: { Keys: [Key] } } })
      expect((await client.send(get)).UnprocessedKeys).toEqual({})
    })
    expect(store.items(TableName).length).toBeGreaterThan(0)
    await one({ unprocessed: 1 }, async (client) => {
      const get = new BatchGetItemCommand({ RequestItems: { [TableName]: { Keys: [Key] } } })
      expect((await client.send(get)).UnprocessedKeys).toEqual({ [TableName]: { Keys: [Key] } })
      expect((await client.send(get)).UnprocessedKeys).toEqual({})
    })
  })

  it('that is a batch lets others in between its statements', async () => {
    const isSplit = async (seed: number): Promise<boolean> => {
      const { schedule, store } = createWorld(seed, { torn: 0.5 })
      const [a, b] = [store.client('a'), store.client('b')]
      const seen: number[] = []
      await schedule.run({
        a: async () => {
          await a.send(new BatchExecuteStatementCommand({ Statements: [insert('1'), insert('2')] }))
        },
        b: async () => {
          await b.send(new GetItemCommand({ TableName, Key, ConsistentRead: true }))
          seen.push(store.items(TableName).length)
        },
      })
      return seen[0] === 1
    }
    const splits = await Promise.all(seeds(50).map(isSplit))
    expect(splits).toContain(true)
    expect(splits).toContain(false)
  })

  it('that reads without consistency may see what was', async () => {
    const read = async (seed: number, ConsistentRead: boolean): Promise<string | undefined> => {
      const { schedule, store } = createWorld(seed, { stale: 0.5 })
      const client = store.client('a')
      let seen: string | undefined
      await schedule.run({
        a: async () => {
          for (const N of ['1', '2', '3']) {
            await client.send(new PutItemCommand({ TableName, Item: { ...Key, v: { N } } }))
          }
          seen = (await client.send(new GetItemCommand({ TableName, Key, ConsistentRead }))).Item?.v?.N
        },
      })
      return seen
    }
    const eventual = await Promise.all(seeds(200).map((seed) => read(seed, false)))
    const consistent = await Promise.all(seeds(200).map((seed) => read(seed, true)))
    expect(new Set(eventual)).toEqual(new Set(['3', '2', '1', undefined]))
    expect(new Set(consistent)).toEqual(new Set(['3']))
  })

  it('outside of a run is answered at once', async () => {
    const { store } = createWorld(1, { throttle: 1 })
    await store.client('test').send(put)
    expect(store.items(TableName)).toEqual([Key])
  })
})
