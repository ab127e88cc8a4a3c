import { KinesisClient, PutRecordsCommand } from '@aws-sdk/client-kinesis'
import { NodeHttpHandler } from '@smithy/node-http-handler'
import { codeOf, messageOf, ReplayFailure } from './failure.ts'
import type { Endpoints } from './local-system.ts'
import type { PutBatch } from './send.ts'

export type StreamAddress = { stream: string; region: string; endpoint: string | undefined }

/** The stream of the system on this machine. */
export function addressOf({ kinesis, stream, region }: Endpoints): StreamAddress {
  return { endpoint: kinesis, stream, region }
}

/** Puts batches into a Kinesis stream, with the credentials of the environment unless it is on this machine. */
export function createPut({ stream, region, endpoint }: StreamAddress): PutBatch {
  const client = new KinesisClient({
    region,
    maxAttempts: 3,
    // HTTP/1.1: the client's own handler speaks HTTP/2, which local streams do not.
    requestHandler: new NodeHttpHandler({ connectionTimeout: 5_000, requestTimeout: 30_000 }),
    ...(endpoint === undefined
      ? {}
      : { endpoint, credentials: { accessKeyId: 'local', secretAccessKey: 'local' } }),
  })
  return async (batch) => {
    const Records = batch.map(({ data, key }) => ({ Data: data, PartitionKey: key }))
    try {
      const answer = await client.send(new PutRecordsCommand({ StreamName: stream, Records }))
      return batch.map((_, index) => problemOf(answer.Records?.[index]))
    } catch (error) {
      // The request as a whole found no capacity, which is what its records may find one by one.
      if (error instanceof Error && throttles.has(error.name)) return batch.map(() => error.name)
      throw explained(error, { stream, region, endpoint })
    }
  }
}

const throttles = new Set([
  'ProvisionedThroughputExceededException',
  'LimitExceededException',
  'ThrottlingException',
])

function problemOf(result: { ErrorCode?: string | undefined } | undefined): string | null {
  return result === undefined ? 'no answer' : (result.ErrorCode ?? null)
}

const unreachable = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'ECONNRESET',
  'ETIMEDOUT',
  'EAI_AGAIN',
  'EHOSTUNREACH',
])

function explained(error: unknown, { stream, region, endpoint }: StreamAddress): ReplayFailure {
  const name = error instanceof Error ? error.name : ''
  if (name === 'ResourceNotFoundException')
    return new ReplayFailure(`there is no stream ${stream} in ${endpoint ?? region}`, { cause: error })
  if (unreachable.has(codeOf(error)) || name === 'TimeoutError')
    return new ReplayFailure(`Kinesis does not answer at ${endpoint ?? region}: ${codeOf(error) || name}`, {
      cause: error,
    })
  return new ReplayFailure(`the stream ${stream} does not take the records: ${messageOf(error)}`, {
    cause: error,
  })
}
