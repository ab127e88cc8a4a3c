import { type FirehoseClient, PutRecordBatchCommand } from '@aws-sdk/client-firehose'
import { retryDelayMs } from '../runtime/clock.ts'
import { type Pause, StoreBusyError } from '../store/dynamodb.ts'
import type { Row } from './row.ts'

export type PutDeps = { firehose: FirehoseClient; stream: string; pause: Pause; random: () => number }

const maxAttempts = 8
/** PutRecordBatch takes at most 500 records of 1,000 KiB, and 4 MiB together. */
const maxRecords = 500
const maxBytes = 4 * 1024 * 1024
const maxRecordBytes = 1_000 * 1024

/**
 * Hands rows to Firehose, each at least once; those that it does not take are sent again.
 * @throws StoreBusyError: the same later may succeed. RangeError if a row is larger than a record may be: a bug.
 */
export async function putRows(rows: readonly Row[], deps: PutDeps): Promise<void> {
  for (const request of requestsOf(rows)) await putRequest(request, deps)
}

async function putRequest(request: readonly Uint8Array[], deps: PutDeps): Promise<void> {
  let pending = request
  for (let attempt = 0; pending.length > 0; attempt++) {
    if (attempt === maxAttempts) throw new StoreBusyError('the delivery stream does not take the rows')
    if (attempt > 0) await deps.pause(retryDelayMs(attempt, deps.random))
    const Records = pending.map((Data) => ({ Data }))
    const command = new PutRecordBatchCommand({ DeliveryStreamName: deps.stream, Records })
    const { RequestResponses: answers = [] } = await deps.firehose.send(command)
    pending = pending.filter((_, index) => answers[index]?.RecordId === undefined)
  }
}

/** As few requests as hold them in their order. */
function requestsOf(rows: readonly Row[]): Uint8Array[][] {
  const requests: Uint8Array[][] = []
  let bytes = 0
  for (const row of rows) {
    const record = Buffer.from(JSON.stringify(row))
    if (record.length > maxRecordBytes) throw new RangeError(`a row has ${record.length} bytes`)
    const request = requests.at(-1)
    if (request && request.length < maxRecords && bytes + record.length <= maxBytes) {
      request.push(record)
      bytes += record.length
    } else {
      requests.push([record])
      bytes = record.length
    }
  }
  return requests
}
