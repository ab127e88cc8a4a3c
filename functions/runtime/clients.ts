import { AthenaClient } from '@aws-sdk/client-athena'
import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { EventBridgeClient } from '@aws-sdk/client-eventbridge'
import { FirehoseClient } from '@aws-sdk/client-firehose'
import { KinesisClient } from '@aws-sdk/client-kinesis'
import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager'
import { NodeHttpHandler } from '@smithy/node-http-handler'
import type { Table } from '../store/dynamodb.ts'
import { pause } from './clock.ts'
import { type KeyRing, parseKeyRing } from './key-ring.ts'

/** A request that hangs is given up, so that it can be tried again while there is time. */
export const requestHandler = () => new NodeHttpHandler({ connectionTimeout: 2_000, requestTimeout: 10_000 })

/** One client per service and container. */
export function createDynamoDB(): DynamoDBClient {
  const client = new DynamoDBClient({
    requestHandler: requestHandler(),
    maxAttempts: 5,
    cacheMiddleware: true,
  })
  // It copies every request and answer for a logger that is none: a quarter of the SDK's work.
  client.middlewareStack.remove('loggerMiddleware')
  return client
}

/** The SDK's default for Kinesis is HTTP/2, which gains nothing here and few stand-ins speak. */
export function createKinesis(): KinesisClient {
  return new KinesisClient({ requestHandler: requestHandler(), maxAttempts: 5 })
}

export function createFirehose(): FirehoseClient {
  return new FirehoseClient({ requestHandler: requestHandler(), maxAttempts: 5 })
}

export function createAthena(): AthenaClient {
  return new AthenaClient({ requestHandler: requestHandler(), maxAttempts: 5 })
}

export function createEventBridge(): EventBridgeClient {
  return new EventBridgeClient({ requestHandler: requestHandler(), maxAttempts: 5 })
}

/** The keys under which identifiers are kept; asked for once per container. */
export async function readHmacKeys(secretArn: string): Promise<KeyRing> {
  const client = new SecretsManagerClient({ requestHandler: requestHandler() })
  const { SecretString } = await client.send(new GetSecretValueCommand({ SecretId: secretArn }))
  if (!SecretString) throw new Error('the secret of the identifier key has no text')
  return parseKeyRing(SecretString)
}

export const table = (client: DynamoDBClient, name: string): Table => ({ client, name, pause })
