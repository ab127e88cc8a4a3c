import fc from 'fast-check'
import { afterAll, describe, expect, it } from 'vitest'
import { comparePositions } from '../../functions/journey/touch.ts'
import { createSequentialWorld } from '../identity/sequential.ts'
import { eventOf, sent } from '../touchpoint/decoding.ts'
import { touchLists } from './arbitrary-touches.ts'
import { purchase, tell } from './touches.ts'
import { shownWithOffset, touchAt, utcOf } from './wall-clock.ts'

const offsets = fc.integer({ min: -14 * 60, max: 14 * 60 })
const moments = fc.integer({ min: Date.UTC(1999, 11, 31), max: Date.UTC(2026, 10, 22) })

describe('the offset of a time', () => {
  const login = { identifiers: [{ type: 'customer_id', value: 'c-1' }], type: 'view_item' }

  it('makes no other event of one that is sent again by another clock', () => {
    fc.assert(
      fc.property(moments, offsets, offsets, (ms, one, other) => {
        const world = createSequentialWorld()
        for (const offset of [one, other]) {
          world.send(eventOf(sent({ ...login, time: shownWithOffset(ms, offset) })))
        }
        expect(world.stored()).toHaveLength(1)
        expect(world.quarantined).toEqual([])
      }),
      { numRuns: 200 },
    )
  })

  it('does not move an event among others', () => {
    const sights = fc.array(fc.tuple(moments, offsets), { minLength: 2, maxLength: 8 })
    fc.assert(
      fc.property(sights, (all) => {
        const touches = all.map(([ms, offset]) => touchAt(shownWithOffset(ms, offset), 'view_item'))
        const byPosition = touches.toSorted((a, b) => comparePositions(a.position, b.position))
        const times = byPosition.map(({ time }) => Date.parse(time))
        expect(times).toEqual(all.map(([ms]) => ms).toSorted((a, b) => a - b))
      }),
      { numRuns: 300 },
    )
  })

  it.each([
    [
      'the hour that the night in October has twice',
      '2026-10-25T02:30:00+02:00',
      '2026-10-25T02:30:00+01:00',
    ],
    [
      'the last moment of a day and the first of the next',
      '2026-03-28T23:59:59.999+01:00',
      '2026-03-29T00:00:00+01:00',
    ],
    [
      'midnight in the east, then an evening in the west',
      '2026-05-02T00:00:00+14:00',
      '2026-05-01T12:00:00-11:00',
    ],
    ['the last moment of February, then a leap day', '2024-02-28T23:59:59.999Z', '2024-02-29T00:00:00Z'],
    ['a leap day, then March', '2024-02-29T23:59:59.999+01:00', '2024-03-01T00:00:00+01:00'],
    ['the last moment of a year', '2025-12-31T23:59:59.999-10:00', '2026-01-01T00:00:00-10:00'],
  ])('tells %s apart', (_, earlier, later) => {
    const { journeys } = tell([touchAt(later, 'add_to_cart'), touchAt(earlier, 'search')])
    expect(journeys).toMatchObject([
      { startedAt: utcOf(earlier), phases: [{ phase: 'interest' }, { enteredAt: utcOf(later) }] },
    ])
  })
})

/** Of Berlin, whose clocks are put forward on 29 March 2026 and back on 25 October 2026. */
describe('30 × 24 h without anything new', () => {
  it.each([
    ['over the change in March', '2026-03-10T12:00:00+01:00', '2026-04-09T13:00:00+02:00'],
    ['over the change in October', '2026-10-10T12:00:00+02:00', '2026-11-09T11:00:00+01:00'],
    [
      'from within the hour that is left out',
      '2026-03-29T01:59:59.999+01:00',
      '2026-04-28T02:59:59.999+02:00',
    ],
    [
      'from the second of the hours that are there twice',
      '2026-10-25T02:30:00+01:00',
      '2026-11-24T02:30:00+01:00',
    ],
    ['from midnight to an hour after it', '2026-03-20T00:00:00+01:00', '2026-04-19T01:00:00+02:00'],
    ['over a leap day', '2024-02-10T12:00:00+01:00', '2024-03-11T12:00:00+01:00'],
    ['over a February without', '2026-02-10T12:00:00+01:00', '2026-03-12T12:00:00+01:00'],
    ['with a clock that went elsewhere meanwhile', '2026-03-10T12:00:00+01:00', '2026-04-09T04:00:00-07:00'],
  ])('%s end a journey, a millisecond later', (_, first, last) => {
    const limit = Date.parse(last)
    const timeAt = (ms: number) => shownWithOffset(limit + ms, 120)
    const journeysWith = (ms: number) =>
      tell([touchAt(first, 'search'), touchAt(timeAt(ms), 'search')], utcOf(timeAt(ms))).journeys
    expect(journeysWith(0)).toMatchObject([{ status: 'open', touchpointCount: 2 }])
    expect(journeysWith(1)).toMatchObject([
      { status: 'abandoned', endedAt: utcOf(first), touchpointCount: 1 },
      { status: 'open', touchpointCount: 1 },
    ])
    const statusFor = (reader: string) => tell([touchAt(first, 'search')], utcOf(reader)).journeys[0]?.status
    expect([statusFor(timeAt(0)), statusFor(timeAt(1))]).toEqual(['open', 'abandoned'])
  })
})

describe('60 × 24 h after a purchase', () => {
  it.each([
    ['over the change in March', '2026-03-01T12:00:00+01:00', '2026-04-30T13:00:00+02:00'],
    ['over the change in October', '2026-10-01T12:00:00+02:00', '2026-11-30T11:00:00+01:00'],
    ['up to midnight', '2026-03-02T23:00:00+01:00', '2026-05-02T00:00:00+02:00'],
    ['over a leap day', '2024-02-01T12:00:00+01:00', '2024-04-01T13:00:00+02:00'],
  ])('%s a complaint still belongs to it, a millisecond later not', (_, bought, last) => {
    const countWith = (ms: number) => {
      const complaint = touchAt(shownWithOffset(Date.parse(last) + ms, 120), 'complaint')
      return tell([purchase(utcOf(bought), 'A', 10), complaint]).journeys[0]?.touchpointCount
    }
    expect([countWith(0), countWith(1)]).toEqual([2, 1])
  })
})

describe('90 × 24 h', () => {
  it.each([
    ['over the change in March', '2026-01-15T12:00:00+01:00', '2026-04-15T13:00:00+02:00'],
    ['over the change in October', '2026-09-01T12:00:00+02:00', '2026-11-30T11:00:00+01:00'],
    ['over a leap day', '2024-01-15T12:00:00+01:00', '2024-04-14T13:00:00+02:00'],
  ])('%s halve what a touchpoint says of the channels preferred', (_, first, last) => {
    const looks = [touchAt(first, 'search'), touchAt(last, 'search', { channel: 'app' })]
    expect(tell(looks, utcOf(last)).summary.channelPreference.interaction).toEqual([
      { channel: 'app', share: expect.closeTo(2 / 3, 10) },
      { channel: 'web', share: expect.closeTo(1 / 3, 10) },
    ])
  })
})

describe('recency', () => {
  const daysFrom = (bought: string, read: string) =>
    tell([purchase(utcOf(bought), 'A', 10)], utcOf(read)).summary.recencyDays

  it.each([
    ['23 h over the change in March', '2026-03-28T12:00:00+01:00', '2026-03-29T12:00:00+02:00', 0],
    ['24 h over the change in March', '2026-03-28T12:00:00+01:00', '2026-03-29T13:00:00+02:00', 1],
    ['24 h over the change in October', '2026-10-24T12:00:00+02:00', '2026-10-25T11:00:00+01:00', 1],
    ['a moment less', '2026-10-24T12:00:00+02:00', '2026-10-25T10:59:59.999+01:00', 0],
    ['two minutes over midnight', '2026-05-01T23:59:00+02:00', '2026-05-02T00:01:00+02:00', 0],
    ['from a leap day to the next', '2024-02-29T12:00:00Z', '2028-02-29T12:00:00Z', 1461],
    ['no time', '2026-05-01T12:00:00+02:00', '2026-05-01T10:00:00Z', 0],
  ])('is whole days of 24 h: %s', (_, bought, read, days) => {
    expect(daysFrom(bought, read)).toBe(days)
  })

  it('is no day for an order whose till is a minute ahead', () => {
    expect(daysFrom('2026-05-01T12:01:00+02:00', '2026-05-01T12:00:00+02:00')).toBe(0)
  })
})

describe('where the function runs', () => {
  const zone = process.env.TZ
  afterAll(() => {
    if (zone === undefined) delete process.env.TZ
    else process.env.TZ = zone
  })

  it('does not matter', () => {
    const july = new Date('2026-07-01T00:00:00Z')
    fc.assert(
      fc.property(touchLists(20), (touches) => {
        const answers = ['UTC', 'Europe/Berlin', 'America/New_York', 'Pacific/Apia'].map((name) => {
          process.env.TZ = name
          return { offset: july.getTimezoneOffset(), told: tell(touches) }
        })
        expect(new Set(answers.map(({ offset }) => offset)).size).toBe(4)
        for (const { told } of answers) expect(told).toEqual(answers[0]?.told)
      }),
      { numRuns: 50 },
    )
  })
})
