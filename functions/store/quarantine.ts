import { createHash } from 'node:crypto'
import { mapLimit } from '../runtime/concurrency.ts'
import { once } from '../runtime/once.ts'
import type { Rejection } from '../touchpoint/decode.ts'
import {
  batchExecute,
  type Item,
  insertStatement,
  keyAttributes,
  number,
  type Table,
  text,
} from './dynamodb.ts'
import { quarantineItem } from './keys.ts'
import type { QuarantineBucket } from './quarantine-bucket.ts'

/** A record that could not be accepted, whole, with where it came from. */
export type QuarantinedRecord = Rejection & {
  bytes: Uint8Array
  /** UTC ISO 8601. */
  receivedAt: string
  origin: { shardId: string; sequenceNumber: string } | null
  /** Tells records of one origin apart: their position in it. */
  position: number
}

/** As long as the bytes are kept. */
export const keptDays = 90
const putsAtOnce = 8

/** Loads its client, a fifth of all that the functions would load, when the first record is rejected or asked for. */
export const quarantineBucket = (name: string) =>
  once(async () => (await import('./quarantine-bucket.ts')).createQuarantineBucket(name))

/**
 * Keeps rejected records: the bytes in the bucket, an entry in the touchpoints table so that they can be listed. The
 * same record of the same origin is kept once, however often it is tried.
 */
export async function putQuarantined(
  records: readonly QuarantinedRecord[],
  deps: { table: Table; bucket: () => Promise<QuarantineBucket> },
): Promise<void> {
  const named = new Map(records.map((record) => [quarantineId(record), record]))
  await mapLimit([...named], putsAtOnce, async ([id, { bytes }]) => (await deps.bucket()).put(id, bytes))
  const statements = [...named].map(([id, record]) => insertStatement(deps.table, quarantineRow(id, record)))
  await batchExecute(deps.table, statements)
}

/** Begins with the time, so that ids sort by arrival. */
function quarantineId({ receivedAt, origin, position, bytes }: QuarantinedRecord): string {
  const hash = createHash('sha256').update(JSON.stringify([origin, receivedAt, position]))
  if (!origin) hash.update(bytes)
  return `${receivedAt.replaceAll(':', '')}-${hash.digest('hex').slice(0, 16)}`
}

function quarantineRow(
  id: string,
  { reason, detail, eventId, source, receivedAt, origin }: QuarantinedRecord,
): Item {
  const optional = { eventId, source, shardId: origin?.shardId, sequenceNumber: origin?.sequenceNumber }
  const told = Object.entries(optional).flatMap(([name, value]) =>
    value == null ? [] : [[name, text(value)] as const],
  )
  return {
    ...keyAttributes(quarantineItem(id)),
    reason: text(reason),
    detail: text(detail),
    receivedAt: text(receivedAt),
    ...Object.fromEntries(told),
    x: number(Math.floor(Date.parse(receivedAt) / 1000) + keptDays * 86_400),
  }
}
