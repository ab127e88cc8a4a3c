import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { createServer } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import {
  CreateTableCommand,
  DynamoDBClient,
  type GlobalSecondaryIndex,
  ListTablesCommand,
} from '@aws-sdk/client-dynamodb'
import {
  DescribeStreamCommand,
  DynamoDBStreamsClient,
  GetRecordsCommand,
  GetShardIteratorCommand,
  ListStreamsCommand,
  type _Record as StreamRecord,
} from '@aws-sdk/client-dynamodb-streams'
import type { TableShape } from './table.ts'

const binary = fileURLToPath(new URL('../../node_modules/@dynoxide/linux-x64/dynoxide', import.meta.url))
const credentials = { accessKeyId: 'local', secretAccessKey: 'local' }
const readyTimeoutMs = 10_000

export type Dynoxide = {
  client: DynamoDBClient
  createTable(name: string, shape: TableShape): Promise<void>
  /** All records of the stream of a table. */
  records(table: string): Promise<StreamRecord[]>
  stop(): Promise<void>
}

export const hasDynoxide = existsSync(binary)

/** A DynamoDB in a process of its own, empty and in memory. */
export async function startDynoxide(): Promise<Dynoxide> {
  const port = await freePort()
  const server = spawn(binary, ['serve', '--host', '127.0.0.1', '-p', String(port)], { stdio: 'ignore' })
  const settings = { region: 'eu-west-1', endpoint: `http://127.0.0.1:${port}`, credentials }
  const client = new DynamoDBClient(settings)
  const streams = new DynamoDBStreamsClient(settings)
  await untilReady(client)
  return {
    client,
    async createTable(name, shape) {
      await client.send(tableCommand(name, shape))
    },
    records: (table) => readStream(streams, table),
    stop: () => stop(server),
  }
}

function tableCommand(TableName: string, shape: TableShape): CreateTableCommand {
  const indexes = Object.entries(shape.indexes ?? {})
  const names = [shape, ...indexes.map(([, index]) => index)].flatMap(({ partitionKey, sortKey }) => [
    partitionKey,
    ...(sortKey === undefined ? [] : [sortKey]),
  ])
  return new CreateTableCommand({
    TableName,
    BillingMode: 'PAY_PER_REQUEST',
    KeySchema: keySchema(shape),
    AttributeDefinitions: [...new Set(names)].map((AttributeName) => ({ AttributeName, AttributeType: 'S' })),
    StreamSpecification: { StreamEnabled: true, StreamViewType: 'NEW_AND_OLD_IMAGES' },
    ...(indexes.length > 0 && {
      GlobalSecondaryIndexes: indexes.map(([IndexName, index]) => ({
        IndexName,
        KeySchema: keySchema(index),
        Projection: { ProjectionType: 'ALL' },
      })),
    }),
  })
}

function keySchema({ partitionKey, sortKey }: TableShape): NonNullable<GlobalSecondaryIndex['KeySchema']> {
  const hash = { AttributeName: partitionKey, KeyType: 'HASH' as const }
  return sortKey === undefined ? [hash] : [hash, { AttributeName: sortKey, KeyType: 'RANGE' }]
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

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  await once(server, 'close')
  if (address === null || typeof address === 'string') throw new Error('no port')
  return address.port
}

async function untilReady(client: DynamoDBClient): Promise<void> {
  const deadline = Date.now() + readyTimeoutMs
  while (true) {
    try {
      await client.send(new ListTablesCommand({}))
      return
    } catch (cause) {
      if (Date.now() > deadline) throw new Error('dynoxide does not answer', { cause })
      await delay(20)
    }
  }
}

async function stop(server: ChildProcess): Promise<void> {
  if (server.exitCode !== null) return
  server.kill()
  await once(server, 'exit')
}
