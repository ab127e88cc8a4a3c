import { randomUUID } from 'node:crypto'
import type { Discarded } from './delivery.ts'

export interface FailedFrom {
  kind: 'kinesis' | 'dynamodb'
  functionArn: string
  streamArn: string
  shardId: string
  mappingId: string
  now: Date
}

/** What Lambda writes to an on-failure bucket (AWS Lambda, "Retaining discarded batches"). */
export function failureRecord({ records, condition, invocations }: Discarded, from: FailedFrom) {
  const times = records.map(({ arrivedAtMs }) => arrivedAtMs)
  const requestId = randomUUID()
  const body = {
    requestContext: {
      requestId,
      functionArn: from.functionArn,
      condition,
      approximateInvokeCount: invocations,
    },
    responseContext: { statusCode: 200, executedVersion: '$LATEST', functionError: 'Unhandled' },
    version: '1.0',
    timestamp: from.now.toISOString(),
    [from.kind === 'kinesis' ? 'KinesisBatchInfo' : 'DDBStreamBatchInfo']: {
      shardId: from.shardId,
      startSequenceNumber: records.at(0)?.sequenceNumber,
      endSequenceNumber: records.at(-1)?.sequenceNumber,
      approximateArrivalOfFirstRecord: new Date(Math.min(...times)).toISOString(),
      approximateArrivalOfLastRecord: new Date(Math.max(...times)).toISOString(),
      batchSize: records.length,
      streamArn: from.streamArn,
    },
    payload: `{"Records":[${records.map(({ json }) => json).join(',')}]}`,
  }
  return { key: keyOf(from, requestId), body: JSON.stringify(body) }
}

function keyOf({ mappingId, shardId, now }: FailedFrom, requestId: string) {
  const [date = '', time = ''] = now.toISOString().split('T')
  const at = `${date}T${time.slice(0, 8).replaceAll(':', '.')}`
  return `aws/lambda/${mappingId}/${shardId}/${date.replaceAll('-', '/')}/${at}-${requestId}`
}
