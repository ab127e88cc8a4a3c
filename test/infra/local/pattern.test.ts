import { expect, test } from 'vitest'
import { createMatcher } from '../../../infra/local/pattern.ts'

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
  ['a suffix', [{ dynamodb: { Keys: { sk: { S: [{ suffix: '#2' }] } } } }], true],
])('%s', (_, patterns, expected) => {
  const matches = createMatcher(patterns.map((pattern) => JSON.stringify(pattern)))
  expect(matches(insert)).toBe(expected)
})

test('a rule that it does not know is not passed over', () => {
  expect(() => createMatcher(['{"eventName":[{"wildcard":"*"}]}'])).toThrow('event pattern')
})
