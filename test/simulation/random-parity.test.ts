import {
  type AttributeValue,
  BatchExecuteStatementCommand,
  BatchGetItemCommand,
  DeleteItemCommand,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
  TransactWriteItemsCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, it } from 'vitest'
import { type Dynoxide, hasDynoxide, startDynoxide } from './dynoxide.ts'
import { type Command, createPair } from './parity.ts'
import type { Item } from './value.ts'

type Make = (TableName: string) => Command

const total = { ReturnConsumedCapacity: 'TOTAL' } as const
const text = (...values: string[]): fc.Arbitrary<{ S: string }> =>
  fc.constantFrom(...values).map((S) => ({ S }))
const number = fc.integer({ min: -2, max: 3 }).map((value) => ({ N: String(value) }))
const key = fc.record({ pk: text('a', 'b'), sk: text('1', '12', '2', 'é') })
const value: fc.Arbitrary<AttributeValue> = fc.oneof(
  number,
  text('', 'x', 'xy'),
  fc.boolean().map((BOOL) => ({ BOOL })),
)
const attributes = fc.record(
  {
    v: value,
    w: value,
    n: text('node', 'other'),
    d: fc.constantFrom(10, 900, 1100, 4000).map((size) => ({ S: 'd'.repeat(size) })),
    l: fc.array(value, { maxLength: 3 }).map((L) => ({ L })),
    m: fc.record({ v: value, x: value }, { requiredKeys: [] }).map((M) => ({ M })),
  },
  { requiredKeys: [] },
)
const item: fc.Arbitrary<Item> = fc.tuple(key, attributes).map(([own, rest]) => ({ ...own, ...rest }))

const comparison = fc
  .tuple(
    fc.constantFrom('v', 'w', 'm.v', 'l[0]', 'nothing'),
    fc.constantFrom('=', '<>', '<', '<=', '>', '>='),
    fc.constantFrom(':a', 'v', 'w'),
  )
  .map((parts) => parts.join(' '))
const call = fc.constantFrom(
  'attribute_exists(v)',
  'attribute_not_exists(pk)',
  'contains(v, :a)',
  'contains(l, :a)',
)
const { expression } = fc.letrec<{ expression: string }>((tie) => ({
  expression: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    comparison,
    call,
    fc
      .tuple(tie('expression'), fc.constantFrom('AND', 'OR'), tie('expression'))
      .map(([left, joint, right]) => [`(${left})`, joint, right].join(' ')),
    tie('expression').map((inner) => `NOT (${inner})`),
  ),
}))
const condition = fc.record({ expression, a: value }).map((chosen) => ({
  ConditionExpression: chosen.expression,
  ReturnValuesOnConditionCheckFailure: 'ALL_OLD' as const,
  ...(chosen.expression.includes(':a') && { ExpressionAttributeValues: { ':a': chosen.a } }),
}))
const change = fc.constantFrom(
  'SET v = :a, w = v',
  'SET v = v + :a',
  'SET m = if_not_exists(m, :a)',
  'REMOVE v, n SET w = :a',
  'ADD v :a',
)
const update = fc
  .oneof(
    fc.record({ UpdateExpression: change, a: value }),
    fc.record({ UpdateExpression: fc.constant('SET n = :a'), a: text('node', 'other') }),
  )
  .map(({ UpdateExpression, a }) => ({ UpdateExpression, ExpressionAttributeValues: { ':a': a } }))

const put: fc.Arbitrary<Make> = fc.tuple(item, fc.option(condition, { nil: {} })).map(
  ([Item, rest]) =>
    (TableName) =>
      new PutItemCommand({ TableName, Item, ...rest, ...total }),
)
const updateItem: fc.Arbitrary<Make> = fc.tuple(key, update).map(
  ([Key, rest]) =>
    (TableName) =>
      new UpdateItemCommand({ TableName, Key, ...rest, ReturnValues: 'ALL_NEW', ...total }),
)
const deleteItem: fc.Arbitrary<Make> = fc.tuple(key, fc.option(condition, { nil: {} })).map(
  ([Key, rest]) =>
    (TableName) =>
      new DeleteItemCommand({ TableName, Key, ...rest, ReturnValues: 'ALL_OLD', ...total }),
)
const transaction: fc.Arbitrary<Make> = fc
  .array(fc.tuple(fc.constantFrom('put', 'update', 'delete', 'check'), item, update, condition), {
    minLength: 1,
    maxLength: 3,
  })
  .map((entries) => (TableName) => {
    const TransactItems = entries.map(([kind, Item, change, guard]) => {
      const { pk = { S: '' }, sk = { S: '' } } = Item
      const Key = { pk, sk }
      if (kind === 'put') return { Put: { TableName, Item, ...guard } }
      if (kind === 'update') return { Update: { TableName, Key, ...change } }
      return kind === 'delete'
        ? { Delete: { TableName, Key } }
        : { ConditionCheck: { TableName, Key, ...guard } }
    })
    return new TransactWriteItemsCommand({ TransactItems, ...total })
  })
const statements: fc.Arbitrary<Make> = fc
  .array(fc.tuple(fc.constantFrom('insert', 'update', 'delete'), key, value, value), {
    minLength: 1,
    maxLength: 4,
  })
  .map((entries) => (TableName) => {
    const Statements = entries.map(([kind, { pk, sk }, a, b]) => {
      if (kind === 'insert') {
        return {
          Statement: `INSERT INTO "${TableName}" VALUE {'pk': ?, 'sk': ?, 'v': ?}`,
          Parameters: [pk, sk, a],
        }
      }
      const where = 'WHERE pk=? AND sk=? AND v=?'
      return kind === 'update'
        ? { Statement: `UPDATE "${TableName}" SET v=?, w=? ${where}`, Parameters: [a, b, pk, sk, b] }
        : { Statement: `DELETE FROM "${TableName}" ${where}`, Parameters: [pk, sk, a] }
    })
    return new BatchExecuteStatementCommand({ Statements })
  })
const get: fc.Arbitrary<Make> = fc.tuple(key, fc.boolean()).map(
  ([Key, ConsistentRead]) =>
    (TableName) =>
      new GetItemCommand({ TableName, Key, ConsistentRead, ...total }),
)
const batchGet: fc.Arbitrary<Make> = key.map(
  (Key) => (TableName) =>
    new BatchGetItemCommand({ RequestItems: { [TableName]: { Keys: [Key] } }, ...total }),
)
const query: fc.Arbitrary<Make> = fc
  .record({
    pk: text('a', 'b'),
    sk: text('1', '2', 'é'),
    range: fc.constantFrom('', ' AND sk > :sk', ' AND sk <= :sk', ' AND begins_with(sk, :sk)'),
    ScanIndexForward: fc.boolean(),
    Limit: fc.integer({ min: 1, max: 4 }),
  })
  .map(({ pk, sk, range, ...rest }) => (TableName) => {
    const ExpressionAttributeValues = { ':pk': pk, ...(range === '' ? {} : { ':sk': sk }) }
    return new QueryCommand({
      TableName,
      KeyConditionExpression: `pk = :pk${range}`,
      ExpressionAttributeValues,
      ...rest,
      ...total,
    })
  })
const byNode: fc.Arbitrary<Make> = text('node', 'other').map((node) => (TableName) => {
  const values = { ExpressionAttributeValues: { ':n': node } }
  return new QueryCommand({
    TableName,
    IndexName: 'byNode',
    KeyConditionExpression: 'n = :n',
    ...values,
    ...total,
  })
})

const sequence = fc.array(
  fc.oneof(put, updateItem, deleteItem, transaction, statements, get, batchGet, query, byNode),
  { minLength: 1, maxLength: 25 },
)

describe.skipIf(!hasDynoxide)('like Dynoxide (skipped where its binary is not installed)', () => {
  let dynoxide: Dynoxide
  beforeAll(async () => {
    dynoxide = await startDynoxide()
  })
  afterAll(() => dynoxide.stop())

  it('answers every sequence of commands alike', async () => {
    const alike = fc.asyncProperty(sequence, async (commands) => {
      const pair = await createPair(dynoxide)
      for (const make of commands) await pair.expectSame(make(pair.table))
      await pair.expectSameStream()
    })
    await fc.assert(alike, { numRuns: 60 })
  }, 60_000)
})
