import type { DynamoDBRecord } from 'aws-lambda'
import { type NotifyDeps, notify } from './notify/notify.ts'
import { batchHandler } from './runtime/batch.ts'
import { createEventBridge } from './runtime/clients.ts'
import { pause } from './runtime/clock.ts'
import { type EventName, listed } from './runtime/correlation.ts'
import { environment } from './runtime/environment.ts'
import { loggable, logger } from './runtime/telemetry.ts'

const dependencies: Omit<NotifyDeps, 'onRead'> = {
  eventBridge: createEventBridge(),
  bus: environment.eventBus(),
  pause,
  random: Math.random,
  onUntold: (sequenceNumber, error) =>
    logger.error('cannot be told', { sequenceNumber, error: loggable(error) }),
  onBusy: (error) => logger.error('the event bus failed', { error: loggable(error) }),
}

/** The stream of journeys → what happened on them, on the event bus. */
export const handler = batchHandler(async (records: DynamoDBRecord[], tell) => {
  const events: EventName[] = []
  const onRead = (event: EventName | null) => event && events.push(event)
  const failed = await notify(records, { ...dependencies, onRead })
  tell({ correlationIds: listed(events) })
  return failed
})
