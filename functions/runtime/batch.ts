import { injectLambdaContext } from '@aws-lambda-powertools/logger/middleware'
import middy from '@middy/core'
import type { Context } from 'aws-lambda'
import { logger } from './telemetry.ts'

/** Lambda's answer for a batch: from this record on it is to be sent again. */
export type BatchResponse = { batchItemFailures: { itemIdentifier: string }[] }

type Batch<R> = { Records: R[] }

/**
 * A handler for the batches of a stream. `run` answers with the sequence number of the first record that was not
 * done because a store failed, or null; the service then sends that one and all after it again.
 */
export function batchHandler<R>(run: (records: R[]) => Promise<string | null>) {
  return middy<Batch<R>, BatchResponse, Error, Context>()
    .use(injectLambdaContext(logger))
    .handler(async ({ Records }): Promise<BatchResponse> => {
      const failed = await run(Records)
      return { batchItemFailures: failed === null ? [] : [{ itemIdentifier: failed }] }
    })
}
