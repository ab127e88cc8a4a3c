import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { correlationId, listed } from '../../functions/runtime/correlation.ts'
import { eventsOfRecords } from '../../functions/store/event-of-record.ts'
import { touchpointItem } from '../../functions/store/keys.ts'

const text = fc
  .string({ unit: 'grapheme', minLength: 1, maxLength: 30 })
  .filter((value) => !/\p{Cc}/u.test(value))
const name = fc.record({ source: text, id: text })

describe('a correlation id', () => {
  test('is a digest of source and id, and of nothing else', () => {
    fc.assert(
      fc.property(name, ({ source, id }) => {
        const digest = createHash('sha256').update(`${source}\n${id}`).digest('hex')
        expect(correlationId({ source, id })).toBe(digest.slice(0, 10))
      }),
    )
    expect(correlationId({ source: 'ab', id: 'c' })).not.toBe(correlationId({ source: 'a', id: 'bc' }))
  })

  test('is the same by what the stream of a table tells', () => {
    fc.assert(
      fc.property(name, (event) => {
        const { pk, sk } = touchpointItem('n', { ...event, time: '2026-03-01T10:00:00.000Z' })
        const stored = { pk: { S: pk }, sk: { S: sk } }
        const rejected = { pk: { S: 'Q#2026-03' }, source: { S: event.source }, eventId: { S: event.id } }
        const records = [stored, rejected].map((NewImage) => ({ dynamodb: { NewImage } }))
        expect(listed(eventsOfRecords(records))).toBe(listed([event, event]))
      }),
    )
  })

  test.each([
    ['a node', { pk: { S: 'N#n' }, sk: { S: 'N' } }],
    ['a rejected record that nothing could be read of', { pk: { S: 'Q#2026-03' }, sk: { S: '2026' } }],
  ])('is not that of %s', (_, NewImage) => {
    expect(eventsOfRecords([{ dynamodb: { NewImage } }, { dynamodb: {} }])).toEqual([])
  })

  test('is listed with so many others as a line of a log holds', () => {
    const events = Array.from({ length: 10_003 }, (_, id) => ({ source: 'till', id: String(id) }))
    expect(listed(events)).toMatch(/^([0-9a-f]{10} ){10000}and 3 more$/)
    expect(Buffer.byteLength(listed(events))).toBeLessThan(200 * 1024)
  })
})
