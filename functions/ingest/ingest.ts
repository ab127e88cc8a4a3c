import type { IdentifierNormaliser } from '../identity/identifier.ts'
import type { Candidate, Resolution, Resolver } from '../identity/resolve.ts'
import type { StoredIdentifier } from '../store/identity.ts'
import {
  type HmacKey,
  identifierKey,
  type Key,
  nobodysTouchpointItem,
  touchpointItem,
} from '../store/keys.ts'
import type { QuarantinedRecord } from '../store/quarantine.ts'
import {
  type InsertOutcome,
  keyName,
  type PlacedTouchpoint,
  type TouchpointStore,
} from '../store/touchpoints.ts'
import { type Content, contentOf } from '../touchpoint/content.ts'
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

export type IngestDeps = {
  decode: Decoder
  normalise: IdentifierNormaliser
  resolve: Resolver
  touchpoints: Pick<TouchpointStore, 'insert'>
  quarantine: (records: readonly QuarantinedRecord[]) => Promise<void>
  hmacKey: HmacKey
  keepAnchors: boolean
  now: () => Date
}

/** One event on its way through a batch. A record of the stream may carry several. */
type Entry = {
  record: StreamRecord
  position: number
  bytes: Uint8Array
  event: ReadyEvent | null
  rejection: Rejection | null
  key: Key | null
  outcome: Outcome | null
}

type ReadyEvent = Candidate & { content: Content; dropped: number; test: boolean }

/**
 * Takes in a batch of records: decode, find out who it was, store what happened, put aside what cannot be accepted.
 * Outcomes of all events, by record and in order.
 */
export async function ingest(records: readonly StreamRecord[], deps: IngestDeps): Promise<Outcome[][]> {
  const entries = records.map((record) => readRecord(record, deps))
  const all = entries.flat()
  await placeThem(all, deps)
  await storeThem(all, deps)
  await putAside(all, deps)
  return entries.map((ofRecord) => ofRecord.map(({ outcome }) => outcome ?? failed(null)))
}

const failed = (error: unknown): Outcome => ({ kind: 'failed', error })

function readRecord(record: StreamRecord, deps: IngestDeps): Entry[] {
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

function readEvent(event: TouchpointEvent, deps: IngestDeps): Pick<Entry, 'event' | 'rejection'> {
  try {
    const { identifiers, dropped, conflict } = deps.normalise(event.identifiers, event.source)
    if (conflict !== null) {
      const detail = `identifiers has two values of type ${conflict}; a person has at most one`
      return { event: null, rejection: rejectionOf(event, 'identifier_conflict', detail) }
    }
    const keyed = identifiers.map(
      (identifier): StoredIdentifier => ({
        key: identifierKey(identifier, deps.hmacKey),
        type: identifier.type,
        class: identifier.class,
        masked: identifier.masked,
        anchorValue: identifier.class === 'anchor' && deps.keepAnchors ? identifier.value : null,
      }),
    )
    const content = contentOf(
      event,
      keyed.map(({ key }) => key),
      deps.hmacKey,
    )
    const { fingerprint } = content
    const ready = { event, identifiers: keyed, fingerprint, content, dropped, test: event.test === true }
    return { event: ready, rejection: null }
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
function internalError(event: { id: string; source: string } | null, error: unknown): Rejection {
  const kind = error instanceof Error ? error.name : 'an error'
  const detail = `${kind} in our own code; the record can be replayed once that is mended`
  return { reason: 'internal_error', detail, eventId: event?.id ?? null, source: event?.source ?? null }
}

/** Where each touchpoint belongs: with its person, or, of tests and cash sales, with nobody. */
async function placeThem(entries: readonly Entry[], { resolve }: IngestDeps): Promise<void> {
  const ofSomebody: { entry: Entry; event: ReadyEvent }[] = []
  for (const entry of entries) {
    if (!entry.event) continue
    if (entry.event.test || entry.event.identifiers.length === 0)
      entry.key = nobodysTouchpointItem(entry.event.event)
    else ofSomebody.push({ entry, event: entry.event })
  }
  const resolutions = await resolve(ofSomebody.map(({ event }) => event))
  for (const [index, { entry, event }] of ofSomebody.entries()) {
    settle(entry, event, resolutions[index] ?? { kind: 'failed', error: null })
  }
}

function settle(entry: Entry, { event }: ReadyEvent, resolution: Resolution): void {
  switch (resolution.kind) {
    case 'home':
      entry.key = touchpointItem(resolution.nodeId, event)
      break
    case 'duplicate':
      entry.outcome = { kind: 'duplicate' }
      break
    case 'event_conflict':
      entry.rejection = conflictOf(event)
      break
    case 'broken':
      entry.rejection = internalError(event, resolution.error)
      break
    case 'failed':
      entry.outcome = failed(resolution.error)
      break
  }
}

function conflictOf(event: { id: string; source: string }): Rejection {
  const detail = 'another event with this source, id and time but other content was accepted before'
  return rejectionOf(event, 'event_conflict', detail)
}

/** Nobody's touchpoints are kept this long. */
const nobodysDays = 30

async function storeThem(entries: readonly Entry[], deps: IngestDeps): Promise<void> {
  const firsts = new Map<string, { entry: Entry; event: ReadyEvent; touchpoint: PlacedTouchpoint }>()
  const repeated: Entry[] = []
  for (const entry of entries) {
    const { key, event } = entry
    if (!key || !event) continue
    if (firsts.has(keyName(key))) repeated.push(entry)
    else firsts.set(keyName(key), { entry, event, touchpoint: placedTouchpoint(key, event, entry.record) })
  }
  const toStore = [...firsts.values()]
  if (toStore.length === 0) return
  const outcomes = await insertOrFail(
    toStore.map(({ touchpoint }) => touchpoint),
    deps,
  )
  for (const [index, { entry, event }] of toStore.entries()) {
    conclude(entry, event, outcomes[index] ?? failed(null))
  }
  await storeThem(repeated, deps)
}

function placedTouchpoint(key: Key, { content }: ReadyEvent, { receivedAt }: StreamRecord): PlacedTouchpoint {
  const isNobodys = key.pk.startsWith('X#')
  const expiresAt = isNobodys ? new Date(Date.parse(receivedAt) + nobodysDays * 86_400_000) : null
  return { key, ...content, expiresAt }
}

async function insertOrFail(
  touchpoints: readonly PlacedTouchpoint[],
  deps: IngestDeps,
): Promise<(InsertOutcome | Outcome)[]> {
  try {
    return await deps.touchpoints.insert(touchpoints)
  } catch (error) {
    return touchpoints.map(() => failed(error))
  }
}

function conclude(entry: Entry, { event, dropped }: ReadyEvent, outcome: InsertOutcome | Outcome): void {
  if (typeof outcome === 'object') entry.outcome = outcome
  else if (outcome === 'accepted') entry.outcome = { kind: 'accepted', dropped }
  else if (outcome === 'duplicate') entry.outcome = { kind: 'duplicate' }
  else if (outcome === 'event_conflict') entry.rejection = conflictOf(event)
  else entry.rejection = internalError(event, null)
}

async function putAside(entries: readonly Entry[], deps: IngestDeps): Promise<void> {
  const rejected = entries.flatMap((entry) =>
    entry.rejection ? [{ entry, rejection: entry.rejection }] : [],
  )
  if (rejected.length === 0) return
  try {
    await deps.quarantine(
      rejected.map(({ entry: { record, position, bytes }, rejection }) => ({
        ...rejection,
        ...record,
        position,
        bytes,
      })),
    )
    for (const { entry, rejection } of rejected)
      entry.outcome = { kind: 'quarantined', reason: rejection.reason }
  } catch (error) {
    for (const { entry } of rejected) entry.outcome = failed(error)
  }
}
