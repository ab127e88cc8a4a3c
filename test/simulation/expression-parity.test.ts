import { DeleteItemCommand, GetItemCommand } from '@aws-sdk/client-dynamodb'
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

  it.each([
    'attribute_exists(pk)',
    'attribute_not_exists(pk)',
    'attribute_not_exists(nothing)',
    'v = :three',
    'v <> :three',
    'v < :four AND v >= :three',
    'v > :three OR t = :text',
    'NOT (v = :three)',
    'NOT v = :four AND (t = :text OR v = :four)',
    'nothing = :three',
    'nothing <> :three',
    'nothing < :three',
    't < :three',
    'contains(t, :part)',
    'contains(l, :x)',
    'contains(m, :x)',
    'begins_with(t, :part)',
    'm.deep = :deep',
    'l[1] = :one',
    'l[7] = :one',
    'v BETWEEN :one AND :three',
    'v IN (:one, :three)',
    'size(t) = :four',
    'attribute_type(v, :n)',
    '#v = :three AND #m.#deep = :deep',
    'v = :missing',
    'v = = :three',
  ])('condition %s', async (ConditionExpression) => {
    await pair().put(stored)
    const all: Item = {
      ':one': n(1),
      ':three': n('3.0'),
      ':four': n(4),
      ':text': s('text'),
      ':part': s('te'),
      ':x': s('x'),
      ':deep': s('deep'),
      ':n': s('N'),
    }
    const used = Object.entries(all).filter(([name]) => new RegExp(`${name}\\b`).test(ConditionExpression))
    const names = ConditionExpression.includes('#') ? { '#v': 'v', '#m': 'm', '#deep': 'deep' } : undefined
    await pair().expectSame(
      new DeleteItemCommand({
        TableName: pair().table,
        Key: key('a'),
        ConditionExpression,
        ...(used.length > 0 && { ExpressionAttributeValues: Object.fromEntries(used) }),
        ...(names && { ExpressionAttributeNames: names }),
        ...allOld,
        ...total,
      }),
    )
    await pair().expectSameStream()
  })

  it.each<[string, Item]>([
    ['SET a = :x, b = :y', { ':x': n(1), ':y': s('y') }],
    ['SET v = v + :x', { ':x': n('0.1') }],
    ['SET v = v - :x', { ':x': n('12345678901234567890.5') }],
    ['SET c = if_not_exists(c, :x) + :x', { ':x': n(1) }],
    ['SET l = list_append(l, :l)', { ':l': { L: [s('end')] } }],
    ['SET e = list_append(if_not_exists(e, :none), :l)', { ':none': { L: [] }, ':l': { L: [s('end')] } }],
    ['SET m.x = :x, l[0] = :x', { ':x': s('new') }],
    ['SET l[2] = :x', { ':x': s('new') }],
    ['SET a = t, t = :x', { ':x': s('swapped') }],
    ['REMOVE t, v', {}],
    ['REMOVE nothing', {}],
    ['ADD v :x, w :x', { ':x': n(2) }],
    ['SET a = :x REMOVE t ADD v :x', { ':x': n(2) }],
    ['SET a = nothing', {}],
    ['SET nothing.x = :x', { ':x': s('x') }],
    ['SET v = t + :x', { ':x': n(1) }],
    ['SET a = :x, a = :x', { ':x': n(1) }],
    ['SET m = :x, m.deep = :x', { ':x': n(1) }],
    ['SET pk = :x', { ':x': s('other') }],
    ['SET a = :x', { ':x': n(1), ':unused': n(2) }],
    ['SET a :x', { ':x': n(1) }],
  ])('update %s', async (expression, values) => {
    await pair().put(stored)
    await pair().update(key('a'), expression, values)
    await pair().update(key('absent'), expression, values)
    await pair().expectSameStream()
  })

  it('removes what is inside', async () => {
    await pair().put(stored)
    await pair().update(key('a'), 'REMOVE t, m.deep, l[0]')
    await pair().update(key('a'), 'REMOVE m.nothing, l[5]')
    await pair().expectSameStream()
  })

  it('returns numbers in one form', async () => {
    for (const number of [
      '1.50',
      '-0.0',
      '007',
      '1e3',
      '12E-4',
      '0.00001',
      '99999999999999999999999999999999999999',
    ]) {
      await pair().put({ ...key(number), v: n(number) })
      await pair().expectSame(new GetItemCommand({ TableName: pair().table, Key: key(number) }))
    }
    await pair().put({ ...key('long'), v: n('1'.repeat(39)) })
    await pair().put({ ...key('word'), v: n('one') })
  })
})
