import { expect, it } from 'vitest'
import { createPartitionKey, partitionKeyOfBytes } from '../../functions/touchpoint/partition-key.ts'
import { bytesOf, eventOf, sent, settings } from './decoding.ts'

const partitionKey = createPartitionKey(settings)

function keyOf(identifiers: { type: string; value: string }[], fields = {}) {
  return partitionKey(eventOf(sent({ identifiers, ...fields })))
}

const cookie = { type: 'cookie_id', value: 'c-1' }
const email = { type: 'email', value: 'Jo@Example.org' }

it('is that of the first identifier by priority, in its normal form', () => {
  expect(keyOf([cookie, email])).toBe(keyOf([{ type: 'email', value: ' jo@example.org' }], { id: '2' }))
  expect(keyOf([cookie, email])).not.toBe(keyOf([cookie]))
  expect(keyOf([email, { type: 'customer_id', value: 'null' }])).toBe(keyOf([email]))
})

it('spreads the events of nobody', () => {
  expect(keyOf([], { id: 'a' })).toBe(keyOf([], { id: 'a' }))
  expect(keyOf([], { id: 'a' })).not.toBe(keyOf([], { id: 'b' }))
})

it('gives nothing away and fits Kinesis', () => {
  expect(keyOf([email])).toMatch(/^[\w-]{43}$/)
  expect(partitionKeyOfBytes(bytesOf('broken'))).toMatch(/^[\w-]{43}$/)
})
