import {
  type AttributeValue,
  BatchExecuteStatementCommand,
  BatchGetItemCommand,
  type BatchGetItemCommandInput,
  type BatchStatementRequest,
  type DynamoDBClient,
  QueryCommand,
  TransactionCanceledException,
  type TransactWriteItem,
  TransactWriteItemsCommand,
} from '@aws-sdk/client-dynamodb'
import type { Key } from './keys.ts'

export type Item = Record<string, AttributeValue>
export type Pause = (ms: number) => Promise<void>

/** How a store talks to one table; `pause` is awaited before a throttled part of a batch is sent again. */
export type Table = { client: DynamoDBClient; name: string; pause: Pause }

export const text = (value: string): AttributeValue => ({ S: value })
export const number = (value: number): AttributeValue => ({ N: String(value) })
export const keyAttributes = ({ pk, sk }: Key): Item => ({ pk: text(pk), sk: text(sk) })

export function textOf(item: Item, name: string): string {
  const value = item[name]?.S
  if (value === undefined) throw new Error(`item ${item.pk?.S} has no text attribute ${name}`)
  return value
}

export function numberOf(item: Item, name: string): number {
  const value = item[name]?.N
  if (value === undefined) throw new Error(`item ${item.pk?.S} has no number attribute ${name}`)
  return Number(value)
}

const maxKeysPerBatchGet = 100
export const maxStatementsPerBatch = 25
const maxRounds = 12
const backoffMs = (round: number): number => Math.min(2_000, 20 * 2 ** round)

/** The items that exist, in no particular order; any number of keys, repeated ones count once. */
export async function batchGet(table: Table, keys: readonly Key[], consistent: boolean): Promise<Item[]> {
  const distinct = [...new Map(keys.map((key) => [`${key.pk}\0${key.sk}`, keyAttributes(key)])).values()]
  const chunks = chunked(distinct, maxKeysPerBatchGet)
  return (await Promise.all(chunks.map((chunk) => getChunk(table, chunk, consistent)))).flat()
}

async function getChunk(table: Table, keys: Item[], consistent: boolean): Promise<Item[]> {
  const requests = { [table.name]: { Keys: keys, ConsistentRead: consistent } }
  return (await getAll(table, requests)).map(({ item }) => item)
}

/** One item of each of several tables, in one request and consistently; they share the client of the first. */
export async function getTogether(
  wanted: readonly { table: Table; key: Key }[],
): Promise<(Item | undefined)[]> {
  const [first] = wanted
  if (!first) return []
  const requests: Requests = {}
  for (const { table, key } of wanted) {
    requests[table.name] = { Keys: [keyAttributes(key)], ConsistentRead: true }
  }
  const found = await getAll(first.table, requests)
  const byTable = new Map(found.map(({ tableName, item }) => [tableName, item]))
  return wanted.map(({ table }) => byTable.get(table.name))
}

type Requests = NonNullable<BatchGetItemCommandInput['RequestItems']>
type Found = { tableName: string; item: Item }

async function getAll({ client, pause, name }: Table, requests: Requests): Promise<Found[]> {
  const found: Found[] = []
  let pending = requests
  for (let round = 0; Object.keys(pending).length > 0; round++) {
    if (round === maxRounds) throw new StoreBusyError(`${name} leaves keys of a read unprocessed`)
    if (round > 0) await pause(backoffMs(round))
    const reply = await client.send(new BatchGetItemCommand({ RequestItems: pending }))
    for (const [tableName, items] of Object.entries(reply.Responses ?? {})) {
      found.push(...items.map((item) => ({ tableName, item })))
    }
    pending = reply.UnprocessedKeys ?? {}
  }
  return found
}

export type SortRange = {
  pk: string
  /** Sort keys, both included. */
  from: string
  to: string
  backwards?: boolean
  consistent?: boolean
  /** At most so many; without: all. */
  limit?: number
}

/** The items of a partition between two sort keys, in that order; reads no further than is asked for. */
export async function* queryRange(table: Table, range: SortRange): AsyncGenerator<Item> {
  const { pk, from, to, backwards = false, consistent = false, limit } = range
  let left = limit ?? Number.POSITIVE_INFINITY
  let start: Item | undefined
  do {
    const page = await table.client.send(
      new QueryCommand({
        TableName: table.name,
        KeyConditionExpression: 'pk = :pk and sk between :from and :to',
        ExpressionAttributeValues: { ':pk': text(pk), ':from': text(from), ':to': text(to) },
        ConsistentRead: consistent,
        ScanIndexForward: !backwards,
        ...(limit !== undefined && { Limit: left }),
        ...(start && { ExclusiveStartKey: start }),
      }),
    )
    yield* page.Items ?? []
    left -= page.Items?.length ?? 0
    start = page.LastEvaluatedKey
  } while (start && left > 0)
}

/** What became of one statement of a batch: done, or the expected answer that it could not be. */
export type StatementOutcome = 'done' | 'exists' | 'condition_failed' | 'invalid'

/**
 * Single writes, 25 to a request; each is done or not by itself. Keys must not repeat. Throttled ones are sent
 * again. Outcomes are in the order of the statements.
 */
export async function batchExecute(
  table: Table,
  statements: readonly BatchStatementRequest[],
): Promise<StatementOutcome[]> {
  const chunks = chunked(statements, maxStatementsPerBatch)
  return (await Promise.all(chunks.map((chunk) => executeChunk(table, chunk)))).flat()
}

async function executeChunk(
  table: Table,
  statements: readonly BatchStatementRequest[],
): Promise<StatementOutcome[]> {
  const outcomes = new Map<number, StatementOutcome>()
  let pending = [...statements.keys()]
  for (let round = 0; pending.length > 0; round++) {
    if (round === maxRounds) throw new StoreBusyError(`${table.name} keeps throttling writes`)
    if (round > 0) await table.pause(backoffMs(round))
    const Statements = pending.flatMap((index) => statements[index] ?? [])
    const reply = await table.client.send(new BatchExecuteStatementCommand({ Statements }))
    const answered = pending
    pending = []
    for (const [position, response] of (reply.Responses ?? []).entries()) {
      const index = answered[position]
      if (index === undefined) continue
      const outcome = statementOutcome(response.Error?.Code)
      if (outcome === 'throttled') pending.push(index)
      else outcomes.set(index, outcome)
    }
  }
  return statements.map((_, index) => outcomes.get(index) ?? 'invalid')
}

function statementOutcome(code: string | undefined): StatementOutcome | 'throttled' {
  switch (code) {
    case undefined:
      return 'done'
    case 'DuplicateItem':
      return 'exists'
    case 'ConditionalCheckFailed':
      return 'condition_failed'
    case 'ValidationError':
    case 'ItemCollectionSizeLimitExceeded':
      return 'invalid'
    case 'AccessDenied':
    case 'ResourceNotFound':
      throw new Error(`a statement was answered with ${code}`)
    default:
      return 'throttled'
  }
}

export function insertStatement(table: Table, item: Item): BatchStatementRequest {
  const fields = Object.keys(item).map((name) => `'${name}':?`)
  return {
    Statement: `INSERT INTO "${table.name}" VALUE {${fields.join(',')}}`,
    Parameters: Object.values(item),
  }
}

/** Writes all items or none; `conflict` if a condition failed or another transaction was in the way. */
export async function transact(table: Table, items: TransactWriteItem[]): Promise<'done' | 'conflict'> {
  try {
    await table.client.send(new TransactWriteItemsCommand({ TransactItems: items }))
    return 'done'
  } catch (error) {
    if (error instanceof TransactionCanceledException && isConflict(error)) return 'conflict'
    throw error
  }
}

/** Whether a transaction can never be written, as when an item is too large. */
export function isInvalid(error: unknown): boolean {
  if (error instanceof TransactionCanceledException)
    return error.CancellationReasons?.some(({ Code }) => Code === 'ValidationError') ?? false
  return error instanceof Error && error.name === 'ValidationException'
}

function isConflict(error: TransactionCanceledException): boolean {
  const codes = (error.CancellationReasons ?? [])
    .map(({ Code }) => Code ?? 'None')
    .filter((code) => code !== 'None')
  return (
    codes.length > 0 &&
    codes.every((code) => code === 'ConditionalCheckFailed' || code === 'TransactionConflict')
  )
}

/** The store is there but would not take it in time: the same again later will do. */
export class StoreBusyError extends Error {
  override name = 'StoreBusyError'
}

export function chunked<T>(values: readonly T[], size: number): T[][] {
  const chunks: T[][] = []
  for (let start = 0; start < values.length; start += size) chunks.push(values.slice(start, start + size))
  return chunks
}

/**
 * Reads asked for at the same moment, by the persons of a batch, as one request: every answer has what was asked for
 * of what there is.
 */
export function gathered(table: Table): (keys: readonly Key[]) => Promise<Item[]> {
  let asked: Key[] = []
  let answer: Promise<Map<string, Item>> | null = null
  const nameOf = ({ pk, sk }: Key) => `${pk} ${sk}`
  const readAll = async () => {
    await Promise.resolve()
    const keys = asked
    asked = []
    answer = null
    const items = await batchGet(table, keys, true)
    return new Map(items.map((item) => [nameOf({ pk: textOf(item, 'pk'), sk: textOf(item, 'sk') }), item]))
  }
  return async (keys) => {
    asked.push(...keys)
    answer ??= readAll()
    const items = await answer
    return keys.flatMap((key) => {
      const item = items.get(nameOf(key))
      return item ? [item] : []
    })
  }
}
