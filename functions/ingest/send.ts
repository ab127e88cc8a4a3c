import { type KinesisClient, PutRecordsCommand } from '@aws-sdk/client-kinesis'
import { type Pause, StoreBusyError } from '../store/dynamodb.ts'

export type OutgoingRecord = { data: Uint8Array; partitionKey: string }

const maxRounds = 8
/** Kinesis takes at most 500 records and 5 MiB in a request. */
const maxRequestBytes = 5 * 1024 * 1024 - 64 * 1024
const maxRequestRecords = 500

/** Puts records into the stream; those that it does not take at once are sent again. */
export async function putRecords(
  records: readonly OutgoingRecord[],
  { kinesis, stream, pause }: { kinesis: KinesisClient; stream: string; pause: Pause },
): Promise<void> {
  for (const chunk of requestsOf(records)) {
    let pending = chunk
    for (let round = 0; pending.length > 0; round++) {
      if (round === maxRounds) throw new StoreBusyError('the stream does not take the records')
      if (round > 0) await pause(Math.min(2_000, 50 * 2 ** round))
      const Records = pending.map(({ data, partitionKey }) => ({ Data: data, PartitionKey: partitionKey }))
      const reply = await kinesis.send(new PutRecordsCommand({ StreamName: stream, Records }))
      pending = pending.filter((_, index) => reply.Records?.[index]?.ErrorCode !== undefined)
    }
  }
}

function requestsOf(records: readonly OutgoingRecord[]): OutgoingRecord[][] {
  const requests: OutgoingRecord[][] = []
  let bytes = Number.POSITIVE_INFINITY
  for (const record of records) {
    const size = record.data.byteLength + record.partitionKey.length
    const current = requests.at(-1)
    if (current && current.length < maxRequestRecords && bytes + size <= maxRequestBytes) {
      current.push(record)
      bytes += size
    } else {
      requests.push([record])
      bytes = size
    }
  }
  return requests
}
