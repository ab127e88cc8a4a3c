import { isDeepStrictEqual } from 'node:util'
import {
  type AttributeValue,
  BatchExecuteStatementCommand,
  type BatchGetItemCommand,
  type BatchWriteItemCommand,
  ConditionalCheckFailedException,
  type DeleteItemCommand,
  type DynamoDBClient,
  type GetItemCommand,
  PutItemCommand,
  QueryCommand,
  type TransactGetItemsCommand,
  TransactionCanceledException,
  type TransactWriteItemsCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb'
import { afterAll, beforeAll, beforeEach, describe, expect } from 'vitest'
import { createSimulatedDynamoDB } from './dynamodb.ts'
import { type Dynoxide, hasDynoxide, startDynoxide } from './dynoxide.ts'
import type { TableShape } from './table.ts'
import type { Item } from './value.ts'

export type Command =
  | BatchExecuteStatementCommand
  | BatchGetItemCommand
  | BatchWriteItemCommand
  | DeleteItemCommand
  | GetItemCommand
  | PutItemCommand
  | QueryCommand
  | TransactGetItemsCommand
  | TransactWriteItemsCommand
  | UpdateItemCommand

const shape: TableShape = {
  partitionKey: 'pk',
  sortKey: 'sk',
  indexes: { byNode: { partitionKey: 'n', sortKey: 'pk' } },
}

type Statement = [source: string, ...parameters: AttributeValue[]]

export const total = { ReturnConsumedCapacity: 'TOTAL' } as const
export const allOld = { ReturnValuesOnConditionCheckFailure: 'ALL_OLD' } as const
export const key = (pk: string, sk = '1'): Item => ({ pk: { S: pk }, sk: { S: sk } })
export const n = (value: number | string): { N: string } => ({ N: String(value) })
export const s = (value: string): { S: string } => ({ S: value })

export type Pair = {
  table: string
  /** Sends the command to both, expects the same answer and returns it; so do the commands below. */
  expectSame(command: Command): Promise<Outcome>
  put(item: Item, rest?: object): Promise<Outcome>
  update(key: Item, expression: string, values?: Item): Promise<Outcome>
  query(condition: string, values: Item, rest?: object): Promise<Outcome>
  /** PartiQL in which TABLE stands for the table. */
  statements(...all: Statement[]): Promise<Outcome>
  expectSameStream(): Promise<void>
}

/** Tests against a Dynoxide of their own, each with an empty pair. */
export function likeDynoxide(body: (pair: () => Pair) => void): void {
  describe.skipIf(!hasDynoxide)('like Dynoxide (skipped where its binary is not installed)', () => {
    let dynoxide: Dynoxide
    let pair: Pair
    beforeAll(async () => {
      dynoxide = await startDynoxide()
    })
    afterAll(() => dynoxide.stop())
    beforeEach(async () => {
      pair = await createPair(dynoxide)
    })
    body(() => pair)
  })
}

let tables = 0

/** A table that is the same in both, empty and of its own. */
export async function createPair(dynoxide: Dynoxide): Promise<Pair> {
  tables += 1
  const table = `table-${tables}`
  await dynoxide.createTable(table, shape)
  const simulated = createSimulatedDynamoDB({ tables: { [table]: shape } })
  const client = simulated.client('test')
  const expectSame: Pair['expectSame'] = async (command) => {
    const real = await outcomeOf(dynoxide.client, command)
    const own = await outcomeOf(client, command)
    expect(own, JSON.stringify(command.input)).toEqual(real)
    return own
  }
  return {
    table,
    expectSame,
    put: (Item, rest) => expectSame(new PutItemCommand({ TableName: table, Item, ...total, ...rest })),
    update: (Key, UpdateExpression, values) => {
      const bound = values && Object.keys(values).length > 0 ? { ExpressionAttributeValues: values } : {}
      const input = { TableName: table, Key, UpdateExpression, ...bound, ...total }
      return expectSame(new UpdateItemCommand({ ...input, ReturnValues: 'ALL_NEW' }))
    },
    query: (KeyConditionExpression, ExpressionAttributeValues, rest) =>
      expectSame(
        new QueryCommand({
          TableName: table,
          KeyConditionExpression,
          ExpressionAttributeValues,
          ...total,
          ...rest,
        }),
      ),
    statements: (...all) => {
      const Statements = all.map(([source, ...Parameters]) => ({
        Statement: source.replace('TABLE', `"${table}"`),
        Parameters,
        ...allOld,
      }))
      return expectSame(new BatchExecuteStatementCommand({ Statements }))
    },
    async expectSameStream() {
      const real = (await dynoxide.records(table)).map(changeOf)
      // Dynoxide also records writes that change nothing; DynamoDB does not.
      const changes = real.filter(({ before, after }) => !isDeepStrictEqual(before, after))
      expect(simulated.stream(table).read(0, 10_000).map(changeOf)).toEqual(changes)
    },
  }
}

type Change = {
  eventName?: string | undefined
  dynamodb?:
    | { Keys?: object | undefined; OldImage?: object | undefined; NewImage?: object | undefined }
    | undefined
}

function changeOf({ eventName, dynamodb: { Keys, OldImage: before, NewImage: after } = {} }: Change): {
  eventName: string | undefined
  keys: object | undefined
  before: object | undefined
  after: object | undefined
} {
  return { eventName, keys: Keys, before, after }
}

type Outcome = Record<string, unknown>

async function outcomeOf(client: DynamoDBClient, command: Command): Promise<Outcome> {
  try {
    return comparable({ ...(await dispatch(client, command)) })
  } catch (error) {
    if (!(error instanceof Error)) throw error
    const reasons = error instanceof TransactionCanceledException ? error.CancellationReasons : []
    return {
      error: error.name,
      item: error instanceof ConditionalCheckFailedException ? error.Item : undefined,
      reasons: reasons?.map(({ Code, Item }) => ({ Code, Item })),
    }
  }
}

function dispatch(client: DynamoDBClient, command: Command): Promise<object> {
  // `send` is overloaded by command, so that a union of commands fits none of its signatures by itself.
  const send: (command: Command) => Promise<object> = client.send.bind(client)
  return send(command)
}

const incomparable = ['$metadata', 'Message', 'WriteCapacityUnits', 'ReadCapacityUnits', 'ScannedCount']

/**
 * Without metadata, wordings, the split of capacity that only some answers have, and the count of scanned items, in which
 * Dynoxide includes the one that no longer fits a page.
 */
function comparable(output: object): Outcome {
  return JSON.parse(
    JSON.stringify(output, (name, value) => (incomparable.includes(name) ? undefined : value)),
  )
}
