import { describe, expect, test } from 'vitest'
import { entryBytes, toEntry } from '../../functions/notify/entry.ts'
import { conversion, painPoint } from './told-events.ts'

const lateSecondsOf = (at: string, storedAt: string) =>
  JSON.parse(toEntry(painPoint('1', at), new Date(storedAt), 'bus').Detail).lateSeconds

describe('an entry', () => {
  test('says what happened, when it was stored and how late', () => {
    const storedAt = new Date('2026-09-03T14:38:30.000Z')
    const { Detail, ...entry } = toEntry(conversion, storedAt, 'omnijourney-trial')
    expect(entry).toEqual({
      Source: 'omnijourney',
      DetailType: 'JourneyConverted',
      Time: storedAt,
      EventBusName: 'omnijourney-trial',
    })
    // 2.5 seconds: the stream tells whole ones.
    expect(JSON.parse(Detail)).toEqual({ ...conversion.detail, lateSeconds: 3 })
  })

  test.each([
    ['what has just happened', '2026-09-03T14:38:27.500Z', '2026-09-03T14:38:28.000Z', 1],
    ['what the stream has rounded down', '2026-09-03T14:38:27.900Z', '2026-09-03T14:38:27.000Z', 0],
    ['what a till told ahead of time', '2026-09-03T14:43:27.000Z', '2026-09-03T14:38:27.000Z', 0],
    ['back-filled history', '2026-08-03T00:00:00.000Z', '2026-09-03T00:00:00.000Z', 31 * 86_400],
  ])('is late as it should be for %s', (_, at, storedAt, seconds) => {
    expect(lateSecondsOf(at, storedAt)).toBe(seconds)
  })

  test('is as large as EventBridge counts it', () => {
    const entry = { Source: 'ä', DetailType: 'b', Detail: '{"c":"€"}', Time: new Date(), EventBusName: 'bus' }
    expect(entryBytes(entry)).toBe(14 + 2 + 1 + 11)
  })
})
