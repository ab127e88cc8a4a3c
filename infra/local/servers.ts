import { join } from 'node:path'
import { type AwsCall, createAwsCall } from './aws-json.ts'
import { type Child, startChild } from './child.ts'
import { chooseEngine } from './dynamodb-engine.ts'
import { host, type Ports } from './ports.ts'
import { place } from './template.ts'

export interface ServersOptions {
  ports: Ports
  directory: string
  logDirectory: string
  onExit(message: string): void
}

export interface Servers {
  kinesis: AwsCall
  tables: AwsCall
  streams: AwsCall
  s3Endpoint: string
  ready(): Promise<void>
  close(): Promise<void>
}

export const at = (port: number) => `http://${host}:${port}`

export const enginePidFile = (directory: string) => join(directory, 'dynamodb.pid')

/** Starts the emulators of Kinesis, DynamoDB and S3, each in a process of its own. */
export function startServers({ ports, directory, logDirectory, onExit }: ServersOptions): Servers {
  const pidFile = enginePidFile(directory)
  const engine = chooseEngine({ port: ports.dynamodb, directory, engine: process.env.OMNIJOURNEY_DYNAMODB })
  const child = (name: string, given: (string | number)[], env: Record<string, string> = {}): Child =>
    startChild({ script: `${name}-server.ts`, name, arguments: given.map(String), logDirectory, env, onExit })
  const children = [
    child('dynamodb', [ports.dynamodb, pidFile, ...engine]),
    child('kinesis', [ports.kinesis, join(directory, 'kinesis')], {
      AWS_REGION: place.region,
      AWS_ACCOUNT_ID: place.accountId,
    }),
    child('s3', [ports.s3, join(directory, 'sqs'), join(directory, 's3')]),
  ]
  const dynamodb = (target: string) =>
    createAwsCall({ endpoint: at(ports.dynamodb), target, jsonVersion: '1.0' })
  return {
    kinesis: createAwsCall({ endpoint: at(ports.kinesis), target: 'Kinesis_20131202', jsonVersion: '1.1' }),
    tables: dynamodb('DynamoDB_20120810'),
    streams: dynamodb('DynamoDBStreams_20120810'),
    s3Endpoint: at(ports.s3),
    async ready() {
      await Promise.all(children.map(({ ready }) => ready))
    },
    async close() {
      await Promise.all(children.map((started) => started.close()))
    },
  }
}
