import { Duration } from 'aws-cdk-lib'
import type { TableV2 } from 'aws-cdk-lib/aws-dynamodb'
import type { Stream } from 'aws-cdk-lib/aws-kinesis'
import {
  FilterCriteria,
  type IEventSourceDlq,
  type IFunction,
  MetricType,
  StartingPosition,
} from 'aws-cdk-lib/aws-lambda'
import type { Bucket } from 'aws-cdk-lib/aws-s3'
import { allow } from './grants.ts'

interface FromStream {
  stream: Stream
  failures: Bucket
  parallelizationFactor: number
}

interface FromTable {
  table: TableV2
  failures: Bucket
  /** Event patterns: only records that match one of them reach the function. */
  filters: readonly Record<string, unknown>[]
  batchSize?: number
  /** How long a batch may wait for more. */
  window?: Duration
}

/** How long an event is kept in the stream, and a change in that of a table, which cannot be set. */
export const streamHours = 7 * 24
const tableHours = 24

export function consumeStream(handler: IFunction, { stream, failures, parallelizationFactor }: FromStream) {
  handler.addEventSourceMapping(`From${stream.node.id}`, {
    ...delivery(failures, streamHours),
    eventSourceArn: stream.streamArn,
    parallelizationFactor,
  })
  stream.grantRead(handler)
}

export function consumeTable(handler: IFunction, { table, failures, filters, batchSize, window }: FromTable) {
  const eventSourceArn = table.tableStreamArn
  if (!eventSourceArn) throw new Error(`Table ${table.node.id} has no stream`)
  handler.addEventSourceMapping(`From${table.node.id}`, {
    ...delivery(failures, tableHours),
    ...(batchSize !== undefined && { batchSize }),
    ...(window && { maxBatchingWindow: window }),
    eventSourceArn,
    filters: filters.map((filter) => FilterCriteria.filter(filter)),
  })
  table.grantStreamRead(handler)
}

/**
 * Retries have no limit but time, because a store that is down must not eject good records. What is still unhandled just
 * before the stream lets go of it goes whole into the quarantine bucket: once it has expired, Lambda has nothing to put.
 */
const delivery = (failures: Bucket, keptHours: number) => ({
  startingPosition: StartingPosition.TRIM_HORIZON,
  batchSize: 100,
  maxBatchingWindow: Duration.seconds(0),
  bisectBatchOnError: true,
  reportBatchItemFailures: true,
  retryAttempts: -1,
  maxRecordAge: Duration.hours(keptHours - 1),
  onFailure: failedBatches(failures),
  metricsConfig: { metrics: [MetricType.EVENT_COUNT] },
})

/**
 * The stock S3OnFailureDestination lets the function read and delete the whole bucket. Lambda needs to put
 * under the prefix that it chooses itself, and to list (AWS Lambda, "Retaining discarded batches").
 */
function failedBatches(bucket: Bucket): IEventSourceDlq {
  return {
    bind(_mapping, handler) {
      allow(handler, ['s3:PutObject'], [bucket.arnForObjects('aws/lambda/*')])
      allow(handler, ['s3:ListBucket'], [bucket.bucketArn])
      bucket.encryptionKey?.grantEncryptDecrypt(handler)
      return { destination: bucket.bucketArn }
    },
  }
}
