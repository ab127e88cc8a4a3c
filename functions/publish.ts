import type { DynamoDBRecord } from 'aws-lambda'
import { createRulesReader } from './customers/folded.ts'
import { createNodeReader } from './lake/node-details.ts'
import { type PublishDeps, publish } from './lake/publish.ts'
import { batchHandler } from './runtime/batch.ts'
import { createDynamoDB, createFirehose, table } from './runtime/clients.ts'
import { now, pause } from './runtime/clock.ts'
import { configuredModel } from './runtime/configured-model.ts'
import { listed } from './runtime/correlation.ts'
import { environment } from './runtime/environment.ts'
import { loggable, logger } from './runtime/telemetry.ts'
import { eventsOfRecords } from './store/event-of-record.ts'
import { createIdentityStore } from './store/identity.ts'
import { createIdentityAudit } from './store/identity-audit.ts'
import { createJourneyStore } from './store/journeys.ts'
import { createRulesStore } from './store/rules.ts'
import { createTouchpointStore } from './store/touchpoints.ts'

const dynamodb = createDynamoDB()
const identityTable = table(dynamodb, environment.identityTable())
const journeysTable = table(dynamodb, environment.journeysTable())
const identity = createIdentityStore(identityTable)
const rules = { model: configuredModel(), currency: environment.settings().currency }

const dependencies: Omit<PublishDeps, 'onUnreadable'> = {
  model: rules.model,
  identity,
  detailsOf: createNodeReader({ audit: createIdentityAudit(identityTable), identity }),
  touchpoints: createTouchpointStore(table(dynamodb, environment.touchpointsTable())),
  journeys: createJourneyStore(journeysTable),
  rulesOf: createRulesReader(rules, createRulesStore(journeysTable)),
  now,
  firehose: createFirehose(),
  stream: environment.lakeStream(),
  pause,
  random: Math.random,
}

/** The streams of the tables → rows of the lake. A store that fails throws: the batch comes again. */
export const handler = batchHandler(async (records: DynamoDBRecord[], tell) => {
  tell({ correlationIds: listed(eventsOfRecords(records)) })
  const onUnreadable = (what: string, error: unknown) => {
    const told = records.filter(({ dynamodb }) => dynamodb?.SequenceNumber === what)
    const correlationIds = listed(eventsOfRecords(told))
    logger.error('no row for the lake', { what, correlationIds, error: loggable(error) })
  }
  await publish(records, { ...dependencies, onUnreadable })
  return null
})
