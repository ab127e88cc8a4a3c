import { gunzipSync } from 'node:zlib'
import { DeleteObjectCommand, GetObjectCommand, paginateListObjectsV2 } from '@aws-sdk/client-s3'
import { z } from 'zod'
import { putRows } from '../../functions/lake/put-rows.ts'
import type { Row } from '../../functions/lake/row.ts'
import { lakePrefixes } from '../lake.ts'
import type { Places } from './places.ts'
import { type Report, tableText } from './report.ts'

/** As Firehose writes what it could not deliver, a line each (Amazon Data Firehose, "Handle data delivery failures"). */
const lineSchema = z.object({
  arrivalTimestamp: z.coerce.number(),
  errorCode: z.string(),
  errorMessage: z.string(),
  rawData: z.string(),
})
type Failed = z.infer<typeof lineSchema> & { table: string }

/** What could not be delivered, by table and reason. */
export async function listErrors(places: Places): Promise<Report> {
  const failed: Failed[] = []
  for await (const { lines } of failedObjects(places)) failed.push(...lines)
  if (failed.length === 0) return { text: 'Everything was delivered.\n', isWell: true }
  const groups = Map.groupBy(failed, ({ table, errorCode, errorMessage }) =>
    JSON.stringify([table, errorCode, errorMessage]),
  )
  const rows = [...groups.values()].flatMap((group) => {
    const [first] = group
    if (!first) return []
    const latest = Math.max(...group.map(({ arrivalTimestamp }) => arrivalTimestamp))
    const { table, errorCode, errorMessage } = first
    return [[table, String(group.length), new Date(latest).toISOString(), `${errorCode}: ${errorMessage}`]]
  })
  return { text: tableText(['table', 'rows', 'latest', 'reason'], rows), isWell: false }
}

/** Sends them again, and forgets each file whose rows are all under way; what fails again comes back as a new one. */
export async function resendErrors(places: Places, say: (line: string) => void): Promise<Report> {
  const { s3, bucket, firehose, stream } = places
  let sent = 0
  let left = 0
  for await (const { key, lines } of failedObjects(places)) {
    const rows = lines.map(({ rawData }) => rowIn(rawData))
    const readable = rows.filter((row) => row !== null)
    await putRows(readable, { firehose, stream, pause: places.identity.pause, random: Math.random })
    sent += readable.length
    left += rows.length - readable.length
    if (readable.length === rows.length) await s3.send(new DeleteObjectCommand({ Bucket: bucket, Key: key }))
    say(`${sent} rows sent again`)
  }
  const kept = left > 0 ? `; ${left} are no JSON and stay where they are` : ''
  return { text: `${sent} rows sent again${kept}\n`, isWell: left === 0 }
}

async function* failedObjects({ s3, bucket }: Places): AsyncGenerator<{ key: string; lines: Failed[] }> {
  const list = { Bucket: bucket, Prefix: lakePrefixes.errors }
  for await (const { Contents = [] } of paginateListObjectsV2({ client: s3 }, list)) {
    for (const { Key: key } of Contents) {
      if (key === undefined) continue
      const { Body } = await s3.send(new GetObjectCommand({ Bucket: bucket, Key: key }))
      const bytes = Buffer.from((await Body?.transformToByteArray()) ?? [])
      const text = (key.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString()
      const [table = ''] = key.slice(lakePrefixes.errors.length).split('/', 1)
      const lines = text.split('\n').filter((line) => line !== '')
      yield { key, lines: lines.map((line) => ({ ...lineSchema.parse(JSON.parse(line)), table })) }
    }
  }
}

const rowSchema = z.record(z.string(), z.unknown())

function rowIn(rawData: string): Row | null {
  try {
    return rowSchema.parse(JSON.parse(Buffer.from(rawData, 'base64').toString()))
  } catch {
    return null
  }
}
