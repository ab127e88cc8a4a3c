import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { sortTouches, type Touch, toTouch } from '../../functions/journey/touch.ts'
import { at, purchase, refund, tell, touch } from './touches.ts'

const names = fc.constantFrom('a', 'A', 'a-b', 'ab', 'ü', '\uffee', '\u{1f600}', '10', '9')

/** Events of a few moments, from few sources and with few ids, of all kinds that are ranked. */
const crowds = fc
  .uniqueArray(
    fc.record({
      ms: fc.constantFrom(0, 0, 0, 1),
      type: fc.constantFrom(
        'search',
        'email_sent',
        'add_to_cart',
        'pickup',
        'purchase',
        'refund',
        'cancellation',
      ),
      source: names,
      id: names,
      content: fc.constantFrom('f1', 'f2'),
      orderId: fc.constantFrom('A', 'B', undefined),
      total: fc.constantFrom(1, 5, undefined),
      channel: fc.constantFrom('web', 'store'),
    }),
    // Under the same source, id and time only other content at another node is another touchpoint.
    {
      minLength: 2,
      maxLength: 12,
      selector: ({ ms, source, id, content }) => `${ms} ${source} ${id} ${content}`,
    },
  )
  .map((all) =>
    all.map(({ ms, type, source, id, content, orderId, total, channel }) =>
      touch(at(0, ms), type, {
        ...{ source, id, channel, fingerprint: content, nodeId: `node of ${content}` },
        order: { id: orderId, total },
      }),
    ),
  )
const arrivals = crowds.chain((touches) =>
  fc.tuple(fc.constant(touches), fc.shuffledSubarray(touches, { minLength: touches.length })),
)

const rankOf = ({ type }: Touch) =>
  type === 'purchase' ? 1 : type === 'refund' || type === 'cancellation' ? 2 : 0
const byBytes = (a: string, b: string) => Buffer.compare(Buffer.from(a), Buffer.from(b))

/** The contract's sentence on the order of the list, criterion by criterion. */
const byContract = (a: Touch, b: Touch): number =>
  Date.parse(a.time) - Date.parse(b.time) ||
  rankOf(a) - rankOf(b) ||
  byBytes(a.source, b.source) ||
  byBytes(a.id, b.id) ||
  byBytes(a.fingerprint, b.fingerprint)

describe('touchpoints at the same time', () => {
  it('are in the order that the contract says, in whatever order they came', () => {
    fc.assert(
      fc.property(arrivals, ([touches, shuffled]) => {
        const keys = (list: readonly Touch[]) =>
          list.map(({ time, type, source, id, fingerprint }) => [time, type, source, id, fingerprint])
        expect(keys(sortTouches(shuffled))).toEqual(keys(touches.toSorted(byContract)))
      }),
      { numRuns: 1000 },
    )
  })

  it('come to the same journeys and the same customer, in whatever order they came', () => {
    fc.assert(
      fc.property(arrivals, ([touches, shuffled]) => {
        expect(tell(shuffled)).toEqual(tell(touches))
      }),
      { numRuns: 500 },
    )
  })

  it('are part of the journey that a purchase of that moment converts', () => {
    const touches = [
      purchase(at(0), 'A', 5, { id: '1' }),
      touch(at(0), 'add_to_cart', { id: '2' }),
      touch(at(0), 'search', { id: '3', channel: 'store' }),
    ]
    expect(tell(touches).journeys).toMatchObject([
      {
        status: 'converted',
        touchpointCount: 3,
        firstTouch: { channel: 'web' },
        lastTouch: { channel: 'store' },
      },
    ])
  })

  it.each(['refund', 'cancellation'])('take a %s of that moment as one of the order just bought', (type) => {
    const touches = [
      touch(at(0), type, { id: '0', source: 'a', order: { id: 'A', total: 2 } }),
      purchase(at(0), 'A', 5, { id: '1', source: 'z' }),
    ]
    expect(tell(touches).journeys).toMatchObject([{ touchpointCount: 2, value: 3, painPointCount: 1 }])
  })

  it('have the first of two purchases convert the journey, by source before id', () => {
    const touches = [
      touch(at(-1), 'search'),
      purchase(at(0), 'second', 7, { source: 'till-2', id: '1' }),
      purchase(at(0), 'first', 5, { source: 'till-1', id: '2' }),
    ]
    expect(tell(touches).journeys).toMatchObject([
      { order: { orderId: 'first' }, touchpointCount: 2, value: 5 },
      { order: { orderId: 'second' }, touchpointCount: 1, value: 7, startedAt: at(0) },
    ])
  })

  it('have a delivery of that moment come before the purchase, so that no journey has it', () => {
    const touches = [
      purchase(at(0), 'A', 5, { source: 'a' }),
      touch(at(0), 'delivery', { source: 'b', order: { id: 'A' } }),
    ]
    expect(tell(touches).journeys).toMatchObject([{ touchpointCount: 1 }])
  })

  it('have the last word of a moment count in the profile', () => {
    const said = (source: string, tier: string) => touch(at(0), 'login', { source, profile: { tier } })
    expect(tell([said('b', 'gold'), said('a', 'silver')]).summary.profile).toEqual({ tier: 'gold' })
    const twin = toTouch({ ...said('b', 'bronze'), id: '999999' })
    expect(tell([twin, said('b', 'gold')]).summary.profile).toEqual({ tier: 'bronze' })
  })

  it('have one refund with its number, reported twice at that moment, count once', () => {
    const again = (source: string, total: number) =>
      refund(at(1), { id: 'A', refundId: 'F', total }, { source, id: '1' })
    const { journeys, summary } = tell([purchase(at(0), 'A', 10), again('b', 4), again('a', 3)])
    expect(journeys).toMatchObject([{ value: 7, painPointCount: 2 }])
    expect(summary.netValue).toEqual([{ currency: 'EUR', amount: 7 }])
  })
})
