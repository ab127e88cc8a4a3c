import type { DynamoDBRecord } from 'aws-lambda'
import { type KeepDeps, keepJourneys } from './journey/keep.ts'
import { retail } from './journey/model.ts'
import { readNews } from './journey/news.ts'
import { batchHandler } from './runtime/batch.ts'
import { createDynamoDB, table } from './runtime/clients.ts'
import { createIdGenerator, now, pause } from './runtime/clock.ts'
import { environment } from './runtime/environment.ts'
import { once } from './runtime/once.ts'
import { loggable, logger } from './runtime/telemetry.ts'
import { createIdentityStore } from './store/identity.ts'
import { createJourneyStore } from './store/journeys.ts'
import { createTouchpointStore } from './store/touchpoints.ts'

const dependencies = once(async (): Promise<KeepDeps> => {
  const dynamodb = createDynamoDB()
  return {
    identity: createIdentityStore(table(dynamodb, environment.identityTable())),
    touchpoints: createTouchpointStore(table(dynamodb, environment.touchpointsTable())),
    journeys: createJourneyStore(table(dynamodb, environment.journeysTable())),
    rules: { model: retail, currency: environment.settings().currency },
    newId: createIdGenerator(now),
    pause,
    random: Math.random,
    onBroken: (personId, error) => logger.error('cannot be folded', { personId, error: loggable(error) }),
  }
})

/** The streams of identity and touchpoints → journeys. A store that fails throws: the batch comes again. */
export const handler = batchHandler(async (records: DynamoDBRecord[]) => {
  await keepJourneys(readNews(records), await dependencies())
  return null
})
