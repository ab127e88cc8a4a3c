import { z } from 'zod'
import { type AwsCall, isAwsError } from './aws-json.ts'
import { createShardReader, type RecordSource, type SourceRecord } from './record-source.ts'
import { place } from './template.ts'

const tableSchema = z.object({ Table: z.object({ LatestStreamArn: z.string() }) })
const streamSchema = z.object({
  StreamDescription: z.object({
    Shards: z.array(z.object({ ShardId: z.string(), ParentShardId: z.string().optional() })),
    LastEvaluatedShardId: z.string().optional(),
  }),
})
const iteratorSchema = z.object({ ShardIterator: z.string() })
const recordsSchema = z.object({
  Records: z.array(
    z.looseObject({
      eventName: z.string(),
      dynamodb: z.looseObject({
        Keys: z.record(z.string(), z.unknown()),
        SequenceNumber: z.string(),
        ApproximateCreationDateTime: z.number(),
      }),
    }),
  ),
  NextShardIterator: z.string().nullish(),
})

type WireRecord = z.infer<typeof recordsSchema>['Records'][number]

export interface TableStream {
  tableName: string
  /** As the template names it; an emulator has a name of its own. */
  arn: string
}

export interface DynamoDbCalls {
  tables: AwsCall
  streams: AwsCall
}

export function createDynamoDbSource(calls: DynamoDbCalls, { tableName, arn }: TableStream): RecordSource {
  const streamArn = async () => {
    const described = await calls.tables('DescribeTable', { TableName: tableName })
    return tableSchema.parse(described).Table.LatestStreamArn
  }
  let known: Promise<string> | undefined
  const knownArn = () => (known ??= streamArn())

  return {
    async listShards() {
      const shards: { id: string; parentId: string | undefined }[] = []
      let startId: string | undefined
      do {
        const input = { StreamArn: await knownArn(), ...(startId && { ExclusiveStartShardId: startId }) }
        const { StreamDescription } = streamSchema.parse(await calls.streams('DescribeStream', input))
        for (const { ShardId, ParentShardId } of StreamDescription.Shards) {
          shards.push({ id: ShardId, parentId: ParentShardId })
        }
        startId = StreamDescription.LastEvaluatedShardId
      } while (startId)
      return shards
    },
    openShard(shardId, after) {
      return createShardReader(
        {
          async iteratorAt(sequenceNumber) {
            const position = sequenceNumber
              ? { ShardIteratorType: 'AFTER_SEQUENCE_NUMBER', SequenceNumber: sequenceNumber }
              : { ShardIteratorType: 'TRIM_HORIZON' }
            const input = { StreamArn: await knownArn(), ShardId: shardId, ...position }
            return iteratorSchema.parse(await calls.streams('GetShardIterator', input)).ShardIterator
          },
          async read(iterator) {
            const answer = await calls.streams('GetRecords', { ShardIterator: iterator, Limit: 1000 })
            const { Records, NextShardIterator } = recordsSchema.parse(answer)
            return {
              records: Records.map((record) => toSourceRecord(record, arn)),
              next: NextShardIterator ?? undefined,
            }
          },
          isLost: (error) => isAwsError(error, 'ExpiredIteratorException', 'TrimmedDataAccessException'),
        },
        after,
      )
    },
  }
}

function toSourceRecord(record: WireRecord, streamArn: string): SourceRecord {
  const event = { ...record, awsRegion: place.region, eventSourceARN: streamArn }
  let json: string | undefined
  return {
    sequenceNumber: record.dynamodb.SequenceNumber,
    orderKey: JSON.stringify(record.dynamodb.Keys),
    arrivedAtMs: record.dynamodb.ApproximateCreationDateTime * 1000,
    // Many a record is read for its kind alone.
    get json() {
      json ??= JSON.stringify(event)
      return json
    },
    matchable: () => event,
  }
}
