import type { DynamoDBRecord } from 'aws-lambda'
import { type NotifyDeps, notify } from './notify/notify.ts'
import { batchHandler } from './runtime/batch.ts'
import { createEventBridge } from './runtime/clients.ts'
import { pause } from './runtime/clock.ts'
import { environment } from './runtime/environment.ts'
import { loggable, logger } from './runtime/telemetry.ts'

const dependencies: NotifyDeps = {
  eventBridge: createEventBridge(),
  bus: environment.eventBus(),
  pause,
  random: Math.random,
  onUntold: (sequenceNumber, error) =>
    logger.error('cannot be told', { sequenceNumber, error: loggable(error) }),
  onBusy: (error) => logger.error('the event bus failed', { error: loggable(error) }),
}

/** The stream of journeys → what happened on them, on the event bus. */
export const handler = batchHandler((records: DynamoDBRecord[]) => notify(records, dependencies))
