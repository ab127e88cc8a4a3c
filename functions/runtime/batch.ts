import { injectLambdaContext } from '@aws-lambda-powertools/logger/middleware'
import middy from '@middy/core'
import type { Context } from 'aws-lambda'
import { loggable, logger } from './telemetry.ts'

/** Lambda's answer for a batch: from this record on it is to be sent again. */
export type BatchResponse = { batchItemFailures: { itemIdentifier: string }[] }

type Batch<R> = { Records: R[] }

/** Adds to the one line that is logged of the batch. */
type Tell = (more: Readonly<Record<string, string | number>>) => void

/**
 * A handler for the batches of a stream. `run` answers with the sequence number of the first record that was not
 * done because a store failed, or null; the service then sends that one and all after it again.
 */
export function batchHandler<R>(run: (records: R[], tell: Tell) => Promise<string | null>) {
  return middy<Batch<R>, BatchResponse, Error, Context>()
    .use(injectLambdaContext(logger))
    .handler(async ({ Records }): Promise<BatchResponse> => {
      const startedAt = performance.now()
      const line: Record<string, string | number> = { records: Records.length }
      const failed = await run(Records, (more) => Object.assign(line, more)).catch((error: unknown) => {
        logger.error('a batch failed', { ...line, error: loggable(error) })
        throw error
      })
      const durationMs = Math.round(performance.now() - startedAt)
      logger.info('batch', { ...line, durationMs, ...(failed !== null && { failedFrom: failed }) })
      return { batchItemFailures: failed === null ? [] : [{ itemIdentifier: failed }] }
    })
}
