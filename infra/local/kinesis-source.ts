import { z } from 'zod'
import { type AwsCall, isAwsError } from './aws-json.ts'
import { createShardReader, type RecordSource, type SourceRecord } from './record-source.ts'
import { place } from './template.ts'

const shardsSchema = z.object({
  Shards: z.array(z.object({ ShardId: z.string(), ParentShardId: z.string().optional() })),
  NextToken: z.string().optional(),
})
const iteratorSchema = z.object({ ShardIterator: z.string() })
const recordsSchema = z.object({
  Records: z.array(
    z.object({
      PartitionKey: z.string(),
      SequenceNumber: z.string(),
      Data: z.string(),
      ApproximateArrivalTimestamp: z.number(),
    }),
  ),
  NextShardIterator: z.string().nullish(),
})

type WireRecord = z.infer<typeof recordsSchema>['Records'][number]

const recordsPerRead = 500

export function createKinesisSource(call: AwsCall, stream: { name: string; arn: string }): RecordSource {
  return {
    async listShards() {
      const { Shards } = shardsSchema.parse(await call('ListShards', { StreamName: stream.name }))
      return Shards.map(({ ShardId, ParentShardId }) => ({ id: ShardId, parentId: ParentShardId }))
    },
    openShard(shardId, after) {
      return createShardReader(
        {
          async iteratorAt(sequenceNumber) {
            const position = sequenceNumber
              ? { ShardIteratorType: 'AFTER_SEQUENCE_NUMBER', StartingSequenceNumber: sequenceNumber }
              : { ShardIteratorType: 'TRIM_HORIZON' }
            const input = { StreamName: stream.name, ShardId: shardId, ...position }
            return iteratorSchema.parse(await call('GetShardIterator', input)).ShardIterator
          },
          async read(iterator) {
            const input = { ShardIterator: iterator, Limit: recordsPerRead }
            const { Records, NextShardIterator } = recordsSchema.parse(await call('GetRecords', input))
            return {
              records: Records.map((record) => toSourceRecord(record, shardId, stream.arn)),
              next: NextShardIterator ?? undefined,
            }
          },
          isLost: (error) => isAwsError(error, 'ExpiredIteratorException'),
        },
        after,
      )
    },
  }
}

function toSourceRecord(record: WireRecord, shardId: string, streamArn: string): SourceRecord {
  const { PartitionKey, SequenceNumber, Data, ApproximateArrivalTimestamp } = record
  const event = {
    kinesis: {
      kinesisSchemaVersion: '1.0',
      partitionKey: PartitionKey,
      sequenceNumber: SequenceNumber,
      data: Data,
      approximateArrivalTimestamp: ApproximateArrivalTimestamp,
    },
    eventSource: 'aws:kinesis',
    eventVersion: '1.0',
    eventID: `${shardId}:${SequenceNumber}`,
    eventName: 'aws:kinesis:record',
    invokeIdentityArn: `arn:aws:iam::${place.accountId}:role/local`,
    awsRegion: place.region,
    eventSourceARN: streamArn,
  }
  return {
    sequenceNumber: SequenceNumber,
    orderKey: PartitionKey,
    arrivedAtMs: ApproximateArrivalTimestamp * 1000,
    json: JSON.stringify(event),
    // Lambda filters on the decoded data.
    matchable: () => ({ ...event.kinesis, data: decode(Data) }),
  }
}

function decode(data: string): unknown {
  const text = Buffer.from(data, 'base64').toString()
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}
