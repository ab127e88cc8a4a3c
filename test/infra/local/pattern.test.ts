import { describe, expect, test } from 'vitest'
import { createMatcher } from '../../../infra/local/pattern.ts'
import { tableChanges } from '../../../infra/table-changes.ts'

const insert = { eventName: 'INSERT', dynamodb: { Keys: { pk: { S: 'N#1' }, sk: { S: 'T#2' } } } }

test.each([
  ['no pattern', [], true],
  ['an equal value', [{ eventName: ['INSERT', 'MODIFY'] }], true],
  ['another value', [{ eventName: ['REMOVE'] }], false],
  ['a prefix, deep down', [{ dynamodb: { Keys: { pk: { S: [{ prefix: 'N#' }] } } } }], true],
  ['another prefix', [{ dynamodb: { Keys: { pk: { S: [{ prefix: 'X#' }] } } } }], false],
  [
    'two conditions, one not met',
    [{ eventName: ['INSERT'], dynamodb: { Keys: { sk: { S: ['N'] } } } }],
    false,
  ],
  ['the second of two patterns', [{ eventName: ['REMOVE'] }, { eventName: ['INSERT'] }], true],
  ['a field that is not there', [{ dynamodb: { NewImage: { a: { S: ['x'] } } } }], false],
  ['absence', [{ userIdentity: [{ exists: false }] }], true],
  ['anything but', [{ eventName: [{ 'anything-but': ['REMOVE'] }] }], true],
  ['anything but what it is', [{ eventName: [{ 'anything-but': ['INSERT'] }] }], false],
  ['anything but, of a field that is not there', [{ nothing: [{ 'anything-but': ['0'] }] }], false],
  ['a suffix', [{ dynamodb: { Keys: { sk: { S: [{ suffix: '#2' }] } } } }], true],
])('%s', (_, patterns, expected) => {
  const matches = createMatcher(patterns.map((pattern) => JSON.stringify(pattern)))
  expect(matches(insert)).toBe(expected)
})

describe('what notify is called for', () => {
  const matches = createMatcher([JSON.stringify(tableChanges.toldEvents)])
  const write = (eventName: string, sk: string, NewImage?: object) => ({
    eventName,
    dynamodb: { Keys: { pk: { S: 'P#1' }, sk: { S: sk } }, NewImage },
  })

  test.each([
    ['a checkpoint that tells something', write('INSERT', 'C', { e: { N: '1' } }), true],
    ['one that is written again', write('MODIFY', 'C', { e: { N: '12' } }), true],
    ['one that tells nothing', write('MODIFY', 'C', { e: { N: '0' } }), false],
    ['one from before there were events', write('MODIFY', 'C', { v: { N: '1' } }), false],
    ['one that is deleted', write('REMOVE', 'C'), false],
    ['a journey', write('INSERT', '0#J#1', { e: { N: '1' } }), false],
  ])('%s: %j', (_, record, expected) => {
    expect(matches(record)).toBe(expected)
  })
})

test('a rule that it does not know is not passed over', () => {
  expect(() => createMatcher(['{"eventName":[{"wildcard":"*"}]}'])).toThrow('event pattern')
})
