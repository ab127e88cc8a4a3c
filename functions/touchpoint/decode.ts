import type { Settings } from '../runtime/settings.ts'
import { readEncoding } from './encodings.ts'
import { createEventSchema, type EventSchema, type TouchpointEvent } from './event.ts'
import { isRecord, parseJson } from './json.ts'
import { readableIssue } from './readable-issue.ts'
import { maxEventBytes, type Unpacked, unpack } from './unpack.ts'
import type { RejectionReason } from './vocabulary.ts'

/** `bytes` are those that its producer sent, still packed if they came so. */
export type Decoded =
  | { kind: 'event'; event: TouchpointEvent; bytes: Uint8Array }
  | ({ kind: 'rejected'; bytes: Uint8Array } & Rejection)

/** Why an event cannot be accepted, with its id and source as far as they can be read. */
export type Rejection = {
  reason: RejectionReason
  /** One line; never contains values that may be contact data. */
  detail: string
  eventId: string | null
  source: string | null
}

export type Decoder = (data: Uint8Array, now: Date) => Decoded[]

const futureLimitMs = 24 * 60 * 60 * 1000

/** Build it once: compiling the schema costs more than decoding a thousand events. */
export function createDecoder(settings: Settings): Decoder {
  const schema = createEventSchema(settings)
  return (data, now) => unpack(data).map((record) => decode(record, schema, now))
}

function decode(record: Unpacked, schema: EventSchema, now: Date): Decoded {
  const bytes = record.sent
  if (record.kind === 'broken') return reject(bytes, record.reason, record.detail)
  const json = parseJson(record.json)
  const value = json.kind === 'parsed' ? json.value : undefined

  if (record.json.byteLength > maxEventBytes)
    return reject(
      bytes,
      'too_large',
      `it has ${record.json.byteLength} bytes; at most ${maxEventBytes} are accepted`,
      value,
    )
  if (json.kind === 'broken') return reject(bytes, 'invalid_json', json.detail)

  const encoding = readEncoding(value)
  if (encoding.kind === 'misfit') return reject(bytes, 'invalid_event', encoding.detail, value)
  const parsed = schema.safeParse(encoding.fields)
  if (!parsed.success) {
    const detail = readableIssue(parsed.error.issues, encoding.fields, encoding.locate)
    return reject(bytes, 'invalid_event', detail, value)
  }

  const event = parsed.data
  const latest = new Date(now.getTime() + futureLimitMs).toISOString()
  if (event.time > latest)
    return reject(bytes, 'time_in_future', `time is ${event.time}; it must be ${latest} or earlier`, value)
  return { kind: 'event', event, bytes }
}

function reject(bytes: Uint8Array, reason: RejectionReason, detail: string, value?: unknown): Decoded {
  const sent = isRecord(value) ? value : {}
  return {
    kind: 'rejected',
    bytes,
    reason,
    detail,
    eventId: readable(sent.id),
    source: readable(sent.source),
  }
}

/** At most 400 bytes, cut between characters. */
function readable(value: unknown): string | null {
  if (typeof value !== 'string' || value === '') return null
  return value.slice(0, new TextEncoder().encodeInto(value, new Uint8Array(400)).read)
}
