import { gunzipSync } from 'node:zlib'
import { badRequest, tooLarge } from '../http/problem.ts'
import type { IdentifierNormaliser } from '../identity/identifier.ts'
import type { QuarantinedRecord } from '../store/quarantine.ts'
import type { Decoder, Rejection } from '../touchpoint/decode.ts'
import type { PartitionKey } from '../touchpoint/partition-key.ts'
import { identifierConflict, rejectedEvent, type Taken } from './entry.ts'
import type { OutgoingRecord } from './send.ts'

const maxBodyBytes = 4 * 1024 * 1024
const maxInflatedBytes = 16 * 1024 * 1024
const maxEvents = 500

export type CollectDeps = {
  decode: Decoder
  normalise: IdentifierNormaliser
  partitionKey: PartitionKey
  send: (records: readonly OutgoingRecord[]) => Promise<void>
  quarantine: (records: readonly QuarantinedRecord[]) => Promise<void>
  now: () => Date
  /** Told what became of each event, once it is where it belongs. */
  report: (outcomes: readonly Taken[]) => void
}

type Result = { id: string | null; status: 'accepted' | 'rejected'; reason?: string; detail?: string }
type Checked = { bytes: Uint8Array } & (
  | { kind: 'event'; id: string; source: string; partitionKey: string }
  | { kind: 'rejected'; rejection: Rejection }
)

/** Takes in events over HTTP: those that are valid go into the stream, the others into quarantine. */
export async function collect(
  body: Buffer,
  isGzipped: boolean,
  deps: CollectDeps,
): Promise<{ results: Result[] }> {
  const checked = eventsIn(body, isGzipped).map((event) => check(Buffer.from(JSON.stringify(event)), deps))
  await deps.send(
    checked.flatMap((one) =>
      one.kind === 'event' ? [{ data: one.bytes, partitionKey: one.partitionKey }] : [],
    ),
  )
  const receivedAt = deps.now().toISOString()
  const rejected = checked.flatMap((one, position): QuarantinedRecord[] =>
    one.kind === 'rejected'
      ? [{ ...one.rejection, bytes: one.bytes, receivedAt, origin: null, position }]
      : [],
  )
  if (rejected.length > 0) await deps.quarantine(rejected)
  deps.report(checked.map(outcomeOf))
  return { results: checked.map(resultOf) }
}

function eventsIn(body: Buffer, isGzipped: boolean): unknown[] {
  if (body.byteLength > maxBodyBytes) throw tooLarge('the body may have at most 4 MiB as sent')
  const json = parse(isGzipped ? inflate(body) : body)
  const events: unknown[] = Array.isArray(json) ? json : [json]
  if (events.length > maxEvents)
    throw badRequest(`the body has ${events.length} events; at most ${maxEvents} are taken`)
  return events
}

function inflate(body: Buffer): Buffer {
  try {
    return gunzipSync(body, { maxOutputLength: maxInflatedBytes })
  } catch (error) {
    if (error instanceof RangeError) throw tooLarge('the body may have at most 16 MiB inflated')
    throw badRequest('the body is not gzip, as its content-encoding says')
  }
}

function parse(body: Buffer): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body))
  } catch {
    throw badRequest('the body is not JSON; send one event or an array of events')
  }
}

function check(bytes: Uint8Array, { decode, normalise, partitionKey, now }: CollectDeps): Checked {
  const [decoded] = decode(bytes, now())
  if (!decoded) throw new Error('a record decodes to at least one')
  if (decoded.kind === 'rejected') {
    const { reason, detail, eventId, source } = decoded
    return { kind: 'rejected', bytes, rejection: { reason, detail, eventId, source } }
  }
  const { event } = decoded
  const { conflict } = normalise(event.identifiers, event.source)
  const { id, source } = event
  if (conflict === null) return { kind: 'event', bytes, id, source, partitionKey: partitionKey(event) }
  return { kind: 'rejected', bytes, rejection: identifierConflict(event, conflict) }
}

function outcomeOf(checked: Checked): Taken {
  if (checked.kind === 'event')
    return { kind: 'accepted', dropped: 0, event: { source: checked.source, id: checked.id } }
  const { rejection } = checked
  return { kind: 'quarantined', reason: rejection.reason, event: rejectedEvent(rejection) }
}

function resultOf(checked: Checked): Result {
  if (checked.kind === 'event') return { id: checked.id, status: 'accepted' }
  const { eventId, reason, detail } = checked.rejection
  return { id: eventId, status: 'rejected', reason, detail }
}
