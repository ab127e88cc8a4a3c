import { createHash } from 'node:crypto'
import { GetObjectCommand, NoSuchKey, PutObjectCommand, type S3Client } from '@aws-sdk/client-s3'
import { mapLimit } from '../runtime/concurrency.ts'
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

/**
 * Keeps rejected records: the bytes in the bucket, an entry in the touchpoints table so that they can be listed. The
 * same record of the same origin is kept once, however often it is tried.
 */
export async function putQuarantined(
  records: readonly QuarantinedRecord[],
  deps: { table: Table; s3: S3Client; bucket: string },
): Promise<void> {
  const named = new Map(records.map((record) => [quarantineId(record), record]))
  await mapLimit([...named], putsAtOnce, ([id, { bytes }]) =>
    deps.s3.send(
      new PutObjectCommand({
        Bucket: deps.bucket,
        Key: objectKey(id),
        Body: bytes,
        ContentType: 'application/octet-stream',
      }),
    ),
  )
  const statements = [...named].map(([id, record]) => insertStatement(deps.table, quarantineRow(id, record)))
  await batchExecute(deps.table, statements)
}

/** The bytes of a record as they came; null if there is none of this id (any more). */
export async function getQuarantinedBytes(
  id: string,
  { s3, bucket }: { s3: S3Client; bucket: string },
): Promise<Uint8Array | null> {
  try {
    const object = await s3.send(new GetObjectCommand({ Bucket: bucket, Key: objectKey(id) }))
    return (await object.Body?.transformToByteArray()) ?? null
  } catch (error) {
    if (error instanceof NoSuchKey) return null
    throw error
  }
}

const objectKey = (id: string): string => `records/${id}`

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
