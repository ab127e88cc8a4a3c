import { BatchExecuteStatementCommand, DeleteItemCommand, GetItemCommand } from '@aws-sdk/client-dynamodb'
import { expect, it } from 'vitest'
import { key, likeDynoxide, n, s, total } from './parity.ts'

likeDynoxide((pair) => {
  it('charges items by their size, failed conditions and indexes too', async () => {
    for (const size of [0, 1000, 1024, 3000, 5000]) {
      const item = { ...key(`size-${size}`), d: s('x'.repeat(size)) }
      await pair().put(item)
      await pair().put({ ...item, n: s('node') })
      await pair().put({ ...item, n: s('other') })
      await pair().put({ ...item, n: s('other') })
      await pair().put({ ...item, n: s('other'), e: n(1) })
      await pair().put(item)
      await pair().put({ ...key(`size-${size}`), d: s('x') })
      for (const ConsistentRead of [true, false]) {
        await pair().put({ ...item, e: n(2) })
        await pair().expectSame(
          new GetItemCommand({ TableName: pair().table, Key: key(`size-${size}`), ConsistentRead, ...total }),
        )
        await pair().query('pk = :pk', { ':pk': s(`size-${size}`) }, { ConsistentRead })
      }
      await pair().expectSame(
        new DeleteItemCommand({ TableName: pair().table, Key: key(`size-${size}`), ...total }),
      )
      await pair().expectSame(
        new DeleteItemCommand({ TableName: pair().table, Key: key(`size-${size}`), ...total }),
      )
    }
    await pair().put({ ...key('too big'), d: s('x'.repeat(410_000)) })
    await pair().expectSameStream()
  })

  it('charges statements like the writes that they are', async () => {
    const Statement = `INSERT INTO "${pair().table}" VALUE {'pk': ?, 'sk': ?, 'd': ?}`
    const Statements = [10, 1500].map((size) => ({
      Statement,
      Parameters: [s(`size-${size}`), s('1'), s('x'.repeat(size))],
    }))
    await pair().expectSame(new BatchExecuteStatementCommand({ Statements, ...total }))
  })

  it('pages through a partition in the order of UTF-8 bytes', async () => {
    // No `B`: Dynoxide's begins_with takes it for `b`.
    for (const sk of ['b', 'a', 'é', 'Z', '\ue000', '\u{1f600}', 'ab', 'aa', 'b#1', 'b#2', 'c']) {
      await pair().put({ ...key('a', sk), v: n(1), n: s('node') })
    }
    for (const ScanIndexForward of [true, false]) {
      await pair().query('pk = :pk', { ':pk': s('a') }, { ScanIndexForward })
      await pair().query(
        'pk = :pk AND begins_with(sk, :p)',
        { ':pk': s('a'), ':p': s('b') },
        { ScanIndexForward },
      )
      for (const comparator of ['=', '<', '<=', '>', '>=', '<>']) {
        await pair().query(
          `pk = :pk AND sk ${comparator} :b`,
          { ':pk': s('a'), ':b': s('b') },
          { ScanIndexForward },
        )
      }
      const between = { ':pk': s('a'), ':low': s('aa'), ':high': s('b#1') }
      await pair().query('pk = :pk AND sk BETWEEN :low AND :high', between, { ScanIndexForward, Limit: 2 })
      const options = { ScanIndexForward, Limit: 3, ExclusiveStartKey: key('a', 'b') }
      await pair().query('pk = :pk', { ':pk': s('a') }, options)
      await pair().query(
        'pk = :pk',
        { ':pk': s('a') },
        { ...options, ExclusiveStartKey: key('a', 'bb'), Select: 'COUNT' },
      )
    }
    await pair().query(
      '#p = :pk',
      { ':pk': s('a') },
      { ExpressionAttributeNames: { '#p': 'pk' }, ProjectionExpression: 'v' },
    )
    await pair().query('pk = :pk', { ':pk': s('absent') })
    await pair().query('sk = :pk', { ':pk': s('a') })
  })

  it('finds items by an index', async () => {
    for (const pk of ['c', 'a', 'b']) await pair().put({ ...key(pk), n: s('node'), v: n(1) })
    await pair().put({ ...key('d'), n: s('other') })
    await pair().update(key('b'), 'SET n = :n', { ':n': s('other') })
    await pair().update(key('a'), 'REMOVE n')
    const byNode = { IndexName: 'byNode' }
    await pair().query('n = :n', { ':n': s('node') }, byNode)
    await pair().query('n = :n', { ':n': s('other') }, { ...byNode, Limit: 1 })
    await pair().query(
      'n = :n',
      { ':n': s('other') },
      { ...byNode, ExclusiveStartKey: { ...key('b'), n: s('other') } },
    )
    await pair().query(
      'n = :n AND pk > :b',
      { ':n': s('other'), ':b': s('b') },
      { ...byNode, ScanIndexForward: false },
    )
    await pair().query('n = :n', { ':n': s('other') }, { ...byNode, ConsistentRead: true })
    await pair().query('n = :n', { ':n': s('other') }, { IndexName: 'none' })
  })

  it('ends a page at one megabyte', async () => {
    for (let at = 0; at < 6; at += 1) await pair().put({ ...key('a', String(at)), d: s('x'.repeat(300_000)) })
    const first = await pair().query('pk = :pk', { ':pk': s('a') }, { ProjectionExpression: 'sk' })
    expect(first).toHaveProperty('LastEvaluatedKey')
    await pair().query(
      'pk = :pk',
      { ':pk': s('a') },
      { ProjectionExpression: 'sk', ExclusiveStartKey: key('a', '3') },
    )
  })
})
