import { gunzipSync } from 'node:zlib'
import { deaggregate, isAggregated } from './kpl.ts'

/** The most that one event may take, in bytes of JSON. */
export const maxEventBytes = 262_144

/** What Kinesis takes as one record at most, so the most that a producer could mean to aggregate and gzip. */
const maxRecordBytes = 10 * 1024 * 1024

/** `sent` are the bytes as their producer gave them to Kinesis or to the KPL, `json` what they unpack to. */
export type Unpacked =
  | { kind: 'json'; sent: Uint8Array; json: Uint8Array }
  | { kind: 'broken'; sent: Uint8Array; reason: 'too_large' | 'invalid_json'; detail: string }

/** Takes gzip and KPL aggregation off a Kinesis record; one broken record inside does not spoil the others. */
export function unpack(sent: Uint8Array): Unpacked[] {
  const record = inflate(sent, maxRecordBytes)
  if (record.kind === 'broken' || !isAggregated(record.json)) return [record]
  const inner = deaggregate(record.json)
  if (inner === null)
    return [broken(sent, 'the aggregated record is damaged: its checksum or structure is wrong')]
  if (inner.length === 0) return [broken(sent, 'the aggregated record is empty')]
  return inner.map((userRecord) => inflate(userRecord, maxEventBytes))
}

function inflate(sent: Uint8Array, limitBytes: number): Unpacked {
  if (sent[0] !== 0x1f || sent[1] !== 0x8b) return { kind: 'json', sent, json: sent }
  try {
    return { kind: 'json', sent, json: gunzipSync(sent, { maxOutputLength: limitBytes }) }
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined
    if (code === 'ERR_BUFFER_TOO_LARGE')
      return {
        kind: 'broken',
        sent,
        reason: 'too_large',
        detail: `it unpacks to more than ${limitBytes} bytes`,
      }
    return broken(sent, code === 'Z_BUF_ERROR' ? 'the gzip data end too early' : 'the gzip data are damaged')
  }
}

function broken(sent: Uint8Array, detail: string): Unpacked {
  return { kind: 'broken', sent, reason: 'invalid_json', detail }
}
