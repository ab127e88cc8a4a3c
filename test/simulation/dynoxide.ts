import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import {
  DescribeStreamCommand,
  DynamoDBStreamsClient,
  GetRecordsCommand,
  GetShardIteratorCommand,
  ListStreamsCommand,
  type _Record as StreamRecord,
} from '@aws-sdk/client-dynamodb-streams'
import { type Server, startServer, tableCommand } from './server.ts'
import type { TableShape } from './table.ts'

const binary = fileURLToPath(new URL('../../node_modules/@dynoxide/linux-x64/dynoxide', import.meta.url))

export type Dynoxide = Server & {
  createTable(name: string, shape: TableShape): Promise<void>
  /** All records of the stream of a table. */
  records(table: string): Promise<StreamRecord[]>
}

export const hasDynoxide = existsSync(binary)

/** Empty and in memory. */
export async function startDynoxide(): Promise<Dynoxide> {
  const server = await startServer(binary, (port) => ['serve', '--host', '127.0.0.1', '-p', String(port)])
  const streams = new DynamoDBStreamsClient(server.settings)
  return {
    ...server,
    async createTable(name, shape) {
      await server.client.send(tableCommand(name, shape, true))
    },
    records: (table) => readStream(streams, table),
  }
}

async function readStream(streams: DynamoDBStreamsClient, TableName: string): Promise<StreamRecord[]> {
  const { Streams: [stream] = [] } = await streams.send(new ListStreamsCommand({ TableName }))
  const StreamArn = stream?.StreamArn
  const { StreamDescription } = await streams.send(new DescribeStreamCommand({ StreamArn }))
  const [shard] = StreamDescription?.Shards ?? []
  const iterator = { StreamArn, ShardId: shard?.ShardId, ShardIteratorType: 'TRIM_HORIZON' as const }
  let { ShardIterator } = await streams.send(new GetShardIteratorCommand(iterator))
  const records: StreamRecord[] = []
  while (ShardIterator !== undefined) {
    const page = await streams.send(new GetRecordsCommand({ ShardIterator }))
    if (page.Records === undefined || page.Records.length === 0) break
    records.push(...page.Records)
    ShardIterator = page.NextShardIterator
  }
  return records
}
