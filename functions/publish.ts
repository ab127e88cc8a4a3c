import type { DynamoDBRecord } from 'aws-lambda'
import { type PublishDeps, publish } from './lake/publish.ts'
import { batchHandler } from './runtime/batch.ts'
import { createDynamoDB, createFirehose, table } from './runtime/clients.ts'
import { pause } from './runtime/clock.ts'
import { configuredModel } from './runtime/configured-model.ts'
import { environment } from './runtime/environment.ts'
import { loggable, logger } from './runtime/telemetry.ts'
import { anchorsIn, createIdentityAudit } from './store/identity-audit.ts'

const audit = createIdentityAudit(table(createDynamoDB(), environment.identityTable()))

const dependencies: PublishDeps = {
  model: configuredModel(),
  anchorsOf: async (nodeId) => anchorsIn(await audit.ofNode(nodeId)),
  firehose: createFirehose(),
  stream: environment.lakeStream(),
  pause,
  random: Math.random,
  onUnreadable: (sequenceNumber, error) =>
    logger.error('no row for the lake', { sequenceNumber, error: loggable(error) }),
}

/** The streams of identity and touchpoints → rows of the lake. A store that fails throws: the batch comes again. */
export const handler = batchHandler(async (records: DynamoDBRecord[]) => {
  await publish(records, dependencies)
  return null
})
