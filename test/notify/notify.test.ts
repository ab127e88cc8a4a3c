import { afterEach, describe, expect, test } from 'vitest'
import type { JourneyEvent } from '../../functions/journey/journey-event.ts'
import { notify } from '../../functions/notify/notify.ts'
import { streamOf } from './journeys-stream.ts'
import { type Mood, startMoodyBus } from './moody-bus.ts'
import { allEvents, painPoint } from './told-events.ts'

const opened: { close(): Promise<void> }[] = []
afterEach(async () => {
  for (const each of opened.splice(0)) await each.close()
})

async function start(writes: readonly (readonly JourneyEvent[] | 'garbled')[], mood: Mood = () => null) {
  const moody = await startMoodyBus(mood)
  opened.push(moody)
  const records = await streamOf(writes, '2026-09-03T15:00:00.000Z')
  const untold: { sequenceNumber: string; error: unknown }[] = []
  const busy: unknown[] = []
  const pauses: number[] = []
  const { eventBridge, bus } = moody
  const run = () =>
    notify(records, {
      eventBridge,
      bus,
      random: () => 1,
      pause: async (ms) => void pauses.push(ms),
      onUntold: (sequenceNumber, error) => untold.push({ sequenceNumber, error }),
      onBusy: (error) => busy.push(error),
      onRead: () => undefined,
    })
  const told = () => moody.events().map(({ detail }) => detail.id)
  const sequenceNumber = (at: number) => records[at]?.dynamodb?.SequenceNumber
  return { ...moody, run, told, untold, busy, pauses, sequenceNumber }
}

const ids = (from: number, to: number) => Array.from({ length: to - from }, (_, at) => String(from + at))
const painPoints = (from: number, to: number) => ids(from, to).map((id) => painPoint(id))

describe('what happens on journeys', () => {
  test('goes out as it is', async () => {
    const local = await start([allEvents])
    expect(await local.run()).toBeNull()
    expect(local.events()).toMatchObject(
      allEvents.map(({ name, detail }) => ({
        source: 'omnijourney',
        'detail-type': name,
        time: '2026-09-03T15:00:00Z',
        detail: { ...detail, lateSeconds: 1293 },
      })),
    )
  })

  test('goes out in order, ten at a time', async () => {
    const local = await start([painPoints(0, 3), painPoints(3, 20), painPoints(20, 24)])
    expect(await local.run()).toBeNull()
    expect(local.requests.map(({ length }) => length)).toEqual([10, 10, 4])
    expect(local.told()).toEqual(ids(0, 24))
  })

  test('is offered again, alone and later, when the bus does not take it, before anything that follows', async () => {
    const busy = new Set(['2', '4'])
    const local = await start([painPoints(0, 12)], (id, offered) =>
      busy.has(id) && offered < 3 ? 'ThrottlingException' : null,
    )
    expect(await local.run()).toBeNull()
    expect(local.requests).toEqual([ids(0, 10), ['2', '4'], ['2', '4'], ['2', '4'], ['10', '11']])
    expect(local.pauses).toEqual([10, 20, 40])
    expect(local.told().toSorted()).toEqual(ids(0, 12).toSorted())
  })

  test('comes again from where the bus gave out, and nothing is lost', async () => {
    let down = true
    const local = await start([painPoints(0, 8), painPoints(8, 16), painPoints(16, 18)], (id) =>
      down && id === '12' ? 'InternalFailure' : null,
    )
    // The second request begins in the second record: that one comes again whole.
    expect(await local.run()).toBe(local.sequenceNumber(1))
    expect(local.busy).toMatchObject([{ name: 'StoreBusyError' }])
    down = false
    expect(await local.run()).toBeNull()
    expect(new Set(local.told())).toEqual(new Set(ids(0, 18)))
  })

  test('comes again when there is no bus to be reached', async () => {
    const local = await start([painPoints(0, 2)])
    await local.close()
    expect(await local.run()).toBe(local.sequenceNumber(0))
    expect(local.busy).toMatchObject([{ code: 'ECONNREFUSED' }])
  })
})

describe('a bug', () => {
  test('in what a record tells holds up no other, and quotes nothing', async () => {
    const local = await start([painPoints(0, 1), 'garbled', painPoints(1, 2)])
    expect(await local.run()).toBeNull()
    expect(local.told()).toEqual(['0', '1'])
    expect(local.untold.map(({ sequenceNumber }) => sequenceNumber)).toEqual([local.sequenceNumber(1)])
  })

  test('that makes an event too large for the bus keeps back nothing else', async () => {
    const huge = painPoint('x'.repeat(300_000))
    const local = await start([[painPoint('0'), huge, painPoint('1')]])
    expect(await local.run()).toBeNull()
    expect(local.told()).toEqual(['0', '1'])
    expect(local.untold).toMatchObject([
      { sequenceNumber: local.sequenceNumber(0), error: { name: 'RangeError' } },
    ])
  })

  test.each(['MalformedDetail', 'InvalidArgument'])(
    'that the bus answers with %s is not offered again',
    async (code) => {
      const local = await start([painPoints(0, 3)], (id) => (id === '1' ? code : null))
      expect(await local.run()).toBeNull()
      expect(local.requests).toEqual([ids(0, 3)])
      expect(local.told()).toEqual(['0', '2'])
      expect(local.untold).toMatchObject([
        { error: { code, message: `EventBridge refuses an entry: ${code}` } },
      ])
    },
  )
})
