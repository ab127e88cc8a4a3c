import type { Resolution, Resolver } from '../identity/resolve.ts'
import { type Key, nobodysTouchpointItem, touchpointItem } from '../store/keys.ts'
import type { QuarantinedRecord } from '../store/quarantine.ts'
import {
  type InsertOutcome,
  keyName,
  type PlacedTouchpoint,
  type TouchpointStore,
} from '../store/touchpoints.ts'
import {
  conflictOf,
  type Entry,
  internalError,
  nameOf,
  type Outcome,
  type ReadDeps,
  type ReadyEvent,
  readRecord,
  type StreamRecord,
  type Taken,
} from './entry.ts'

export type IngestDeps = ReadDeps & {
  resolve: Resolver
  touchpoints: Pick<TouchpointStore, 'insert'>
  quarantine: (records: readonly QuarantinedRecord[]) => Promise<void>
}

/**
 * Takes in a batch of records: decode, find out who it was, store what happened, put aside what cannot be accepted.
 * Outcomes of all events, by record and in order.
 */
export async function ingest(records: readonly StreamRecord[], deps: IngestDeps): Promise<Taken[][]> {
  const entries = records.map((record) => readRecord(record, deps))
  const all = entries.flat()
  await placeThem(all, deps)
  await storeThem(all, deps)
  await putAside(all, deps)
  return entries.map((ofRecord) =>
    ofRecord.map((entry) => ({ ...(entry.outcome ?? failed(null)), event: nameOf(entry) })),
  )
}

const failed = (error: unknown): Outcome => ({ kind: 'failed', error })

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

function placedTouchpoint(
  key: Key,
  { body, fingerprints, test, orderId }: ReadyEvent,
  { receivedAt }: StreamRecord,
): PlacedTouchpoint {
  const isNobodys = key.pk.startsWith('X#')
  const expiresAt = isNobodys ? new Date(Date.parse(receivedAt) + nobodysDays * 86_400_000) : null
  // A person's orders have rows of their own; tests are counted nowhere.
  const isFound = isNobodys && !test && orderId !== null
  return { key, body, fingerprints, expiresAt, ...(isFound && { orderId }) }
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
