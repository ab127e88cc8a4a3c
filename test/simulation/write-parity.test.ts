import {
  BatchGetItemCommand,
  BatchWriteItemCommand,
  GetItemCommand,
  TransactGetItemsCommand,
  TransactWriteItemsCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb'
import { it } from 'vitest'
import { allOld, key, likeDynoxide, n, s, total } from './parity.ts'
import type { Item } from './value.ts'

likeDynoxide((pair) => {
  const stored = {
    ...key('a'),
    v: n(3),
    t: s('text'),
    l: { L: [s('x'), n(1)] },
    m: { M: { deep: s('deep') } },
  }

  it('creates an item of its key alone by an update without an expression', async () => {
    await pair().expectSame(new UpdateItemCommand({ TableName: pair().table, Key: key('a'), ...total }))
    await pair().expectSame(new GetItemCommand({ TableName: pair().table, Key: key('a'), ...total }))
  })

  it('takes whole transactions or none, and says why', async () => {
    const TableName = pair().table
    const refused = { ConditionExpression: 'attribute_not_exists(pk)', ...allOld } as const
    const write = (
      ...TransactItems: NonNullable<TransactWriteItemsCommand['input']['TransactItems']>
    ): Promise<object> => pair().expectSame(new TransactWriteItemsCommand({ TransactItems, ...total }))
    await pair().put(stored)
    await write(
      { Put: { TableName, Item: { ...key('b'), n: s('node') } } },
      { ConditionCheck: { TableName, Key: key('a'), ConditionExpression: 'attribute_exists(pk)' } },
    )
    await write(
      { Put: { TableName, Item: key('c') } },
      { Update: { TableName, Key: key('b'), UpdateExpression: 'SET z = pk', ...refused } },
      { Delete: { TableName, Key: key('absent'), ...refused } },
      { ConditionCheck: { TableName, Key: key('a'), ...refused } },
    )
    await write({ Put: { TableName, Item: key('c') } }, { Delete: { TableName, Key: key('c') } })
    await write({ Update: { TableName, Key: key('b'), UpdateExpression: 'SET z = absent' } })
    const many = (count: number): Item[] => Array.from({ length: count }, (_, at) => key('many', String(at)))
    await write(...many(100).map((Item) => ({ Put: { TableName, Item } })))
    await write(...many(101).map((Item) => ({ Put: { TableName, Item } })))
    await write()
    const gets = ['a', 'b', 'absent'].map((pk) => ({ Get: { TableName, Key: key(pk) } }))
    await pair().expectSame(new TransactGetItemsCommand({ TransactItems: gets, ...total }))
    await pair().expectSameStream()
  })

  it('answers a transaction with a known token without doing it again', async () => {
    const TransactItems = [
      {
        Update: {
          TableName: pair().table,
          Key: key('a'),
          UpdateExpression: 'ADD v :x',
          ExpressionAttributeValues: { ':x': n(1) },
        },
      },
    ]
    const again = new TransactWriteItemsCommand({
      TransactItems,
      ClientRequestToken: `token-${pair().table}`,
      ...total,
    })
    await pair().expectSame(again)
    await pair().expectSame(again)
    const TransactItem = { Put: { TableName: pair().table, Item: key('b') } }
    await pair().expectSame(
      new TransactWriteItemsCommand({
        TransactItems: [TransactItem],
        ClientRequestToken: `token-${pair().table}`,
      }),
    )
    await pair().expectSame(new GetItemCommand({ TableName: pair().table, Key: key('a') }))
  })

  it('runs statements one by one', async () => {
    const insert = "INSERT INTO TABLE VALUE {'pk': ?, 'sk': ?, 'v': ?}"
    await pair().statements([insert, s('a'), s('1'), n(1)], [insert, s('a'), s('2'), n(1)])
    await pair().statements([insert, s('a'), s('1'), n(2)], [insert, s('a'), s('3'), n(1)])
    await pair().statements([insert, s('b'), s('1'), n(2)], [insert, s('b'), s('1'), n(1)])
    await pair().statements([
      'UPDATE TABLE SET a=?, b=? WHERE pk=? AND sk=? AND v=?',
      n(5),
      s('x'),
      s('a'),
      s('1'),
      n(1),
    ])
    await pair().statements([
      'UPDATE TABLE SET a=? REMOVE b WHERE pk=? AND sk=? AND v=?',
      n(6),
      s('a'),
      s('1'),
      n(1),
    ])
    await pair().statements(
      ['UPDATE TABLE SET a=? WHERE pk=? AND sk=? AND v=?', n(7), s('a'), s('1'), n(9)],
      ['UPDATE TABLE SET a=? WHERE pk=? AND sk=?', n(7), s('absent'), s('1')],
      ['UPDATE TABLE SET v=v+? WHERE pk=? AND sk=?', n(7), s('a'), s('2')],
      ['UPDATE TABLE SET v=? WHERE pk=?', n(7), s('a')],
      ['DELETE FROM TABLE WHERE pk=? AND sk=?', s('a'), s('3')],
      ['DELETE FROM TABLE WHERE pk=? AND sk=?', s('absent'), s('3')],
      ['DELETE FROM TABLE WHERE pk=? AND sk=? AND v=?', s('absent'), s('4'), n(1)],
      ['DELETE FROM TABLE WHERE pk=? AND sk=? AND v=?', s('a'), s('1'), n(9)],
      ['UPDAT TABLE SET v=? WHERE pk=?', n(7), s('a')],
      ['UPDATE "none" SET v=? WHERE pk=? AND sk=?', n(7), s('a'), s('1')],
    )
    await pair().statements(
      ...Array.from({ length: 26 }, (_, at): [string, ...Item[string][]] => [
        insert,
        s('q'),
        s(String(at)),
        n(1),
      ]),
    )
    await pair().query('pk = :pk', { ':pk': s('a') })
    await pair().expectSameStream()
  })

  it('reads and writes in batches', async () => {
    const batch = (...requests: { put?: Item; delete?: Item }[]): Promise<object> => {
      const entries = requests.map(({ put: item, delete: gone }) => ({
        ...(item && { PutRequest: { Item: item } }),
        ...(gone && { DeleteRequest: { Key: gone } }),
      }))
      return pair().expectSame(
        new BatchWriteItemCommand({ RequestItems: { [pair().table]: entries }, ...total }),
      )
    }
    const get = (Keys: Item[], ConsistentRead = false): Promise<object> =>
      pair().expectSame(
        new BatchGetItemCommand({ RequestItems: { [pair().table]: { Keys, ConsistentRead } }, ...total }),
      )
    await batch({ put: { ...key('a'), v: n(1) } }, { put: key('b') }, { delete: key('absent') })
    await batch({ put: key('a') }, { delete: key('a') })
    await batch(...Array.from({ length: 26 }, (_, at) => ({ put: key('many', String(at)) })))
    await get([key('a'), key('absent')])
    await get([key('b')], true)
    await get([key('a'), key('a')])
    await get([{ pk: s('a') }])
    await get(Array.from({ length: 101 }, (_, at) => key('many', String(at))))
    await pair().expectSameStream()
  })

  it('refuses keys that are none', async () => {
    await pair().put({ pk: s(''), sk: s('1') })
    await pair().put({ pk: s('a') })
    await pair().put({ ...key('a'), n: n(1) })
    await pair().put({ ...key('a'), n: s('') })
    await pair().expectSame(new GetItemCommand({ TableName: pair().table, Key: { ...key('a'), v: n(1) } }))
    await pair().expectSame(new GetItemCommand({ TableName: 'no-such-table', Key: key('a') }))
  })
})
