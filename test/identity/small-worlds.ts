import fc from 'fast-check'
import type { TouchpointEvent } from '../../functions/touchpoint/event.ts'
import type { createSequentialWorld, SentIdentifier } from './sequential.ts'

export type World = ReturnType<typeof createSequentialWorld>

const values = {
  customer_id: ['c-1', 'c-2', 'c-3'],
  loyalty_id: ['L-1', 'L-2'],
  email: ['ann@example.org', 'bob@example.org'],
  phone: ['+4930123456'],
  payment_card: ['tok-1', 'tok-2'],
  order_id: ['O-1', 'O-2'],
  device_id: ['d-1', 'd-2'],
  cookie_id: ['k-1', 'k-2'],
} as const
export const pool: SentIdentifier[] = Object.entries(values).flatMap(([type, each]) =>
  each.map((value) => ({ type, value })),
)
/** Events with identifiers of few people; each has its own id. */
export const worldOfEvents = (shape: { events: number; identifiers: readonly SentIdentifier[] }) =>
  fc
    .array(fc.subarray([...shape.identifiers], { minLength: 1, maxLength: 4 }), {
      minLength: 2,
      maxLength: shape.events,
    })
    .map((sets) => sets.map((identifiers, index) => eventOf(`e${index}`, withoutConflict(identifiers))))

function withoutConflict(identifiers: readonly SentIdentifier[]): SentIdentifier[] {
  const isAnchor = (type: string) => type === 'customer_id' || type === 'loyalty_id'
  return identifiers.filter(
    ({ type }, at) => !isAnchor(type) || identifiers.findIndex((other) => other.type === type) === at,
  )
}

export function eventOf(id: string, identifiers: SentIdentifier[], type = 'view_item'): TouchpointEvent {
  const time = '2026-03-01T12:00:00.000Z'
  return { id, source: 'shop', time, channel: 'web', type, identifiers, offsetMinutes: 0 }
}

/** All of them in any order, some more than once. */
export function shuffledWithRepeats(events: readonly TouchpointEvent[]): fc.Arbitrary<TouchpointEvent[]> {
  return fc
    .array(fc.nat({ max: events.length - 1 }), { maxLength: events.length })
    .map((again) => [...events, ...again.flatMap((at) => events[at] ?? [])])
    .chain((all) => fc.shuffledSubarray(all, { minLength: all.length }))
}
