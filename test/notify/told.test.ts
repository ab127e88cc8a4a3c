import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { entryBytes } from '../../functions/notify/entry.ts'
import { isTooLarge, readTold, requestsOf, type Told } from '../../functions/notify/told.ts'
import { streamOf } from './journeys-stream.ts'
import { allEvents, painPoint } from './told-events.ts'

const storedAt = '2026-09-03T15:00:00.000Z'
const limit = 256 * 1024

const sized = (sequence: number, bytes: number): Told => {
  const empty = { Source: 's', DetailType: 'd', Detail: '', Time: new Date(0), EventBusName: 'bus' }
  const Detail = 'x'.repeat(Math.max(0, bytes - entryBytes(empty)))
  return { entry: { ...empty, Detail }, sequenceNumber: String(sequence) }
}

describe('a record of the stream', () => {
  test('tells all its events in order, deflated or not', async () => {
    const [whole, single] = await streamOf([allEvents, [painPoint('1')]], storedAt)
    expect(whole?.dynamodb?.NewImage?.d?.B).toBeDefined()
    expect(single?.dynamodb?.NewImage?.d?.S).toBeDefined()
    const told = [whole, single].flatMap((record) => (record ? readTold(record, 'bus') : []))
    expect(told.map(({ entry }) => entry.DetailType)).toEqual([
      ...allEvents.map(({ name }) => name),
      'PainPoint',
    ])
    expect(new Set(told.map(({ entry }) => entry.Time.toISOString()))).toEqual(new Set([storedAt]))
    expect(new Set(told.map(({ sequenceNumber }) => sequenceNumber))).toEqual(
      new Set([whole, single].map((record) => record?.dynamodb?.SequenceNumber)),
    )
  })

  test.each([
    ['no image', { SequenceNumber: '1', ApproximateCreationDateTime: 1 }],
    ['no time', { SequenceNumber: '1', NewImage: { d: { S: '' } } }],
  ])('is not understood with %s', (_, dynamodb) => {
    expect(() => readTold({ dynamodb }, 'bus')).toThrow('no image, time or number')
  })
})

describe('requests', () => {
  test('keep the order and the limits, whatever the sizes', () => {
    const sizes = fc.array(fc.integer({ min: 20, max: 90_000 }), { maxLength: 60 })
    fc.assert(
      fc.property(sizes, (given) => {
        const told = given.map((bytes, at) => sized(at, bytes))
        const requests = requestsOf(told)
        expect(requests.flat()).toEqual(told)
        for (const request of requests) {
          expect(request.length).toBeLessThanOrEqual(10)
          expect(request.reduce((sum, { entry }) => sum + entryBytes(entry), 0)).toBeLessThan(limit)
        }
      }),
      { numRuns: 50 },
    )
  })

  test.each([
    ['ten small ones together', Array(25).fill(100), [10, 10, 5]],
    ['as many large ones as fit', Array(5).fill(limit / 2 - 1), [2, 2, 1]],
    ['nothing together that is as large as the limit', Array(2).fill(limit / 2), [1, 1]],
    ['none of nothing', [], []],
  ])('are %s', (_, sizes: number[], lengths: number[]) => {
    const requests = requestsOf(sizes.map((bytes, at) => sized(at, bytes)))
    expect(requests.map(({ length }) => length)).toEqual(lengths)
  })

  test('have no room for what alone is as large as the limit', () => {
    expect([limit - 1, limit].map((bytes) => isTooLarge(sized(0, bytes)))).toEqual([false, true])
  })
})
