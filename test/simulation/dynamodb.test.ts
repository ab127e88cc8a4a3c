import {
  BatchExecuteStatementCommand,
  DynamoDBClient,
  PutItemCommand,
  QueryCommand,
  ScanCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createSimulatedDynamoDB, type SimulatedDynamoDB } from './dynamodb.ts'
import { compareText, type Item } from './value.ts'

const TableName = 'person'
const key = { pk: { S: 'p' }, sk: { S: '1' } }

function create(): { store: SimulatedDynamoDB; client: DynamoDBClient } {
  const store = createSimulatedDynamoDB({ tables: { [TableName]: { partitionKey: 'pk', sortKey: 'sk' } } })
  return { store, client: store.client('test') }
}

describe('where DynamoDB and Dynoxide differ, like DynamoDB', () => {
  it('streams no write that changes nothing', async () => {
    const { store, client } = create()
    const put = new PutItemCommand({ TableName, Item: { ...key, v: { N: '1.0' } } })
    await client.send(put)
    await client.send(put)
    await client.send(new UpdateItemCommand({ TableName, Key: key, UpdateExpression: 'REMOVE nothing' }))
    const UpdateExpression = 'ADD v :one'
    const ExpressionAttributeValues = { ':one': { N: '1' } }
    await client.send(
      new UpdateItemCommand({ TableName, Key: key, UpdateExpression, ExpressionAttributeValues }),
    )
    expect(
      store
        .stream(TableName)
        .read(0)
        .map(({ eventName }) => eventName),
    ).toEqual(['INSERT', 'MODIFY'])
    expect(store.stream(TableName).read(1, 1)).toMatchObject([
      {
        eventName: 'MODIFY',
        dynamodb: {
          Keys: key,
          OldImage: { ...key, v: { N: '1' } },
          NewImage: { ...key, v: { N: '2' } },
          SequenceNumber: '000000000000000000002',
        },
      },
    ])
  })

  it('appends where a position is beyond the end of a list', async () => {
    const { store, client } = create()
    await client.send(new PutItemCommand({ TableName, Item: { ...key, l: { L: [] } } }))
    const ExpressionAttributeValues = { ':x': { S: 'x' } }
    const UpdateExpression = 'SET l[9] = :x'
    await client.send(
      new UpdateItemCommand({ TableName, Key: key, UpdateExpression, ExpressionAttributeValues }),
    )
    expect(store.items(TableName)).toEqual([{ ...key, l: { L: [{ S: 'x' }] } }])
  })

  it('takes a SET clause for each attribute of a statement', async () => {
    const { store, client } = create()
    await client.send(new PutItemCommand({ TableName, Item: key }))
    const Statement = `UPDATE "${TableName}" SET a=? SET b=? WHERE pk=? AND sk=?`
    const Parameters = [{ N: '1' }, { N: '2' }, key.pk, key.sk]
    await client.send(new BatchExecuteStatementCommand({ Statements: [{ Statement, Parameters }] }))
    expect(store.items(TableName)).toEqual([{ ...key, a: { N: '1' }, b: { N: '2' } }])
  })

  it('tells upper from lower case in begins_with', async () => {
    const { client } = create()
    for (const sk of ['b', 'B'])
      await client.send(new PutItemCommand({ TableName, Item: { ...key, sk: { S: sk } } }))
    const KeyConditionExpression = 'pk = :pk AND begins_with(sk, :b)'
    const ExpressionAttributeValues = { ':pk': key.pk, ':b': { S: 'b' } }
    const query = new QueryCommand({ TableName, KeyConditionExpression, ExpressionAttributeValues })
    expect((await client.send(query)).Items).toEqual([{ ...key, sk: { S: 'b' } }])
  })
})

describe('the simulated store', () => {
  it('is a client of the SDK', () => {
    expect(create().client).toBeInstanceOf(DynamoDBClient)
  })

  it('keeps its items to itself', async () => {
    const { store, client } = create()
    const item: Item = { ...key, m: { M: { x: { S: 'before' } } } }
    await client.send(new PutItemCommand({ TableName, Item: item }))
    item.m = { M: {} }
    const KeyConditionExpression = 'pk = :pk'
    const ExpressionAttributeValues = { ':pk': key.pk }
    const query = new QueryCommand({ TableName, KeyConditionExpression, ExpressionAttributeValues })
    const [found] = (await client.send(query)).Items ?? []
    if (found?.m?.M) found.m.M.x = { S: 'after' }
    expect(store.items(TableName)).toEqual([{ ...key, m: { M: { x: { S: 'before' } } } }])
  })

  it('logs what each worker asks for and what it costs', async () => {
    const { store, client } = create()
    const Statement = `INSERT INTO "${TableName}" VALUE {'pk': ?, 'sk': ?}`
    const Statements = ['1', '2'].map((sk) => ({ Statement, Parameters: [key.pk, { S: sk }] }))
    await client.send(new BatchExecuteStatementCommand({ Statements }))
    expect(store.log).toEqual([
      {
        worker: 'test',
        command: 'BatchExecuteStatement',
        count: 2,
        units: { [TableName]: { read: 0, write: 2 } },
        indexUnits: {},
      },
    ])
  })

  it('says so when it does not know a command', async () => {
    await expect(create().client.send(new ScanCommand({ TableName }))).rejects.toThrow('does not know')
  })

  it('orders text by its UTF-8 bytes', () => {
    const text = fc.string({ unit: 'binary' })
    fc.assert(
      fc.property(text, text, (left, right) => {
        expect(Math.sign(compareText(left, right))).toBe(
          Buffer.compare(Buffer.from(left), Buffer.from(right)),
        )
      }),
    )
  })
})
