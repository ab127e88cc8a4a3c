import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'
import {
  CreateTableCommand,
  DynamoDBClient,
  type GlobalSecondaryIndex,
  ListTablesCommand,
} from '@aws-sdk/client-dynamodb'
import type { TableShape } from './table.ts'

const credentials = { accessKeyId: 'local', secretAccessKey: 'local' }
const readyTimeoutMs = 30_000

/** A DynamoDB in a process of its own. */
export type Server = {
  client: DynamoDBClient
  /** What else a client of it needs. */
  settings: { region: string; endpoint: string; credentials: typeof credentials }
  stop(): Promise<void>
}

/** Starts it on a free port and waits until it answers; it does not outlive this process. */
export async function startServer(
  command: string,
  parametersFor: (port: number) => string[],
): Promise<Server> {
  const port = await freePort()
  const server = spawn(command, parametersFor(port), { stdio: 'ignore' })
  const kill = () => server.kill('SIGKILL')
  process.once('exit', kill)
  const settings = { region: 'eu-west-1', endpoint: `http://127.0.0.1:${port}`, credentials }
  const client = new DynamoDBClient(settings)
  await untilReady(client, server)
  return {
    client,
    settings,
    stop: async () => {
      process.off('exit', kill)
      client.destroy()
      await stop(server)
    },
  }
}

export function tableCommand(TableName: string, shape: TableShape, hasStream: boolean): CreateTableCommand {
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
    ...(hasStream && {
      StreamSpecification: { StreamEnabled: true, StreamViewType: 'NEW_AND_OLD_IMAGES' },
    }),
    ...(indexes.length > 0 && {
      GlobalSecondaryIndexes: indexes.map(([IndexName, index]) => ({
        IndexName,
        KeySchema: keySchema(index),
        Projection: { ProjectionType: index.projection === 'KEYS_ONLY' ? 'KEYS_ONLY' : 'ALL' },
      })),
    }),
  })
}

function keySchema({ partitionKey, sortKey }: TableShape): NonNullable<GlobalSecondaryIndex['KeySchema']> {
  const hash = { AttributeName: partitionKey, KeyType: 'HASH' as const }
  return sortKey === undefined ? [hash] : [hash, { AttributeName: sortKey, KeyType: 'RANGE' }]
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

async function untilReady(client: DynamoDBClient, server: ChildProcess): Promise<void> {
  const deadline = Date.now() + readyTimeoutMs
  while (true) {
    try {
      await client.send(new ListTablesCommand({}))
      return
    } catch (cause) {
      if (hasEnded(server) || Date.now() > deadline) throw new Error('the server does not answer', { cause })
      await delay(20)
    }
  }
}

async function stop(server: ChildProcess): Promise<void> {
  if (hasEnded(server)) return
  server.kill('SIGKILL')
  await once(server, 'exit')
}

const hasEnded = ({ exitCode, signalCode }: ChildProcess): boolean => exitCode !== null || signalCode !== null
