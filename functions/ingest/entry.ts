import type { IdentifierNormaliser } from '../identity/identifier.ts'
import type { Candidate } from '../identity/resolve.ts'
import { type IdentifierKeeping, storedIdentifier } from '../identity/stored-identifier.ts'
import { orderTypes } from '../journey/order.ts'
import type { EventName } from '../runtime/correlation.ts'
import type { Key } from '../store/keys.ts'
import { contentOf } from '../touchpoint/content.ts'
import type { Decoder, Rejection } from '../touchpoint/decode.ts'
import type { TouchpointEvent } from '../touchpoint/event.ts'
import type { RejectionReason } from '../touchpoint/vocabulary.ts'

/** A record of the stream. */
export type StreamRecord = {
  data: Uint8Array
  /** UTC ISO 8601. */
  receivedAt: string
  origin: { shardId: string; sequenceNumber: string }
}

export type Outcome =
  | { kind: 'accepted'; dropped: number }
  | { kind: 'duplicate' }
  | { kind: 'quarantined'; reason: RejectionReason }
  /** The store failed; the record has to come again. */
  | { kind: 'failed'; error: unknown }

/** What became of which event; null where not even its id and source can be read. */
export type Taken = Outcome & { event: EventName | null }

export type ReadDeps = IdentifierKeeping & {
  decode: Decoder
  normalise: IdentifierNormaliser
  now: () => Date
}

/** One event on its way through a batch. A record of the stream may carry several. */
export type Entry = {
  record: StreamRecord
  position: number
  bytes: Uint8Array
  event: ReadyEvent | null
  rejection: Rejection | null
  key: Key | null
  outcome: Outcome | null
}

export type ReadyEvent = Candidate & {
  body: string
  dropped: number
  test: boolean
  /** The number of the order that it tells of. */
  orderId: string | null
}

/** Of which event it is. */
export function nameOf({ event, rejection }: Pick<Entry, 'event' | 'rejection'>): EventName | null {
  if (event) return { source: event.event.source, id: event.event.id }
  return rejectedEvent(rejection)
}

export function rejectedEvent(rejection: Rejection | null): EventName | null {
  const { source = null, eventId = null } = rejection ?? {}
  return source === null || eventId === null ? null : { source, id: eventId }
}

/** What is in a record: one event, or several of a producer that aggregates. */
export function readRecord(record: StreamRecord, deps: ReadDeps): Entry[] {
  const blank = {
    record,
    position: 0,
    bytes: record.data,
    event: null,
    rejection: null,
    key: null,
    outcome: null,
  }
  try {
    return deps.decode(record.data, deps.now()).map((decoded, position): Entry => {
      const entry = { ...blank, position, bytes: decoded.bytes }
      if (decoded.kind === 'rejected') {
        const { kind: _, bytes: __, ...rejection } = decoded
        return { ...entry, rejection }
      }
      return { ...entry, ...readEvent(decoded.event, deps) }
    })
  } catch (error) {
    return [{ ...blank, rejection: internalError(null, error) }]
  }
}

function readEvent(event: TouchpointEvent, deps: ReadDeps): Pick<Entry, 'event' | 'rejection'> {
  try {
    const { identifiers, dropped, conflict } = deps.normalise(event.identifiers, event.source)
    if (conflict !== null) {
      return { event: null, rejection: identifierConflict(event, conflict) }
    }
    const keyed = identifiers.map((identifier) => storedIdentifier(identifier, deps))
    const contents = deps.hmacKeys.map((key, version) => {
      const keys = keyed.map((identifier) => [identifier.key, ...identifier.formerKeys][version] ?? '')
      return contentOf(event, keys, key)
    })
    const fingerprints = contents.map(({ fingerprint }) => fingerprint)
    const ready = { event, identifiers: keyed, fingerprints, body: contents[0]?.body ?? '', dropped }
    const orderId = orderTypes.has(event.type) ? (event.order?.id ?? null) : null
    return { event: { ...ready, test: event.test === true, orderId }, rejection: null }
  } catch (error) {
    return { event: null, rejection: internalError(event, error) }
  }
}

function rejectionOf(
  event: { id: string; source: string },
  reason: RejectionReason,
  detail: string,
): Rejection {
  return { reason, detail, eventId: event.id, source: event.source }
}

/** Tells what kind of bug it is, never what it stumbled over: that may be contact data. */
export function internalError(event: { id: string; source: string } | null, error: unknown): Rejection {
  const kind = error instanceof Error ? error.name : 'an error'
  const detail = `${kind} in our own code; the record can be replayed once that is mended`
  return { reason: 'internal_error', detail, eventId: event?.id ?? null, source: event?.source ?? null }
}

export function conflictOf(event: { id: string; source: string }): Rejection {
  const detail = 'another event with this source, id and time but other content was accepted before'
  return rejectionOf(event, 'event_conflict', detail)
}

/** Two values of one anchor type: the event cannot be of one person. */
export function identifierConflict(event: { id: string; source: string }, type: string): Rejection {
  const detail = `identifiers has two values of type ${type}; a person has at most one`
  return rejectionOf(event, 'identifier_conflict', detail)
}
