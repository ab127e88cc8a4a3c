import type { KinesisStreamRecord } from 'aws-lambda'
import { createIdentifierNormaliser } from './identity/identifier.ts'
import { joinRules } from './identity/person.ts'
import { createResolver } from './identity/resolve.ts'
import type { StreamRecord } from './ingest/entry.ts'
import { type IngestDeps, ingest } from './ingest/ingest.ts'
import { batchHandler } from './runtime/batch.ts'
import { createDynamoDB, createS3, readHmacKeys, table } from './runtime/clients.ts'
import { createIdGenerator, now, pause } from './runtime/clock.ts'
import { environment } from './runtime/environment.ts'
import { once } from './runtime/once.ts'
import { countOutcomes, loggable, logger } from './runtime/telemetry.ts'
import { createIdentityStore } from './store/identity.ts'
import { putQuarantined } from './store/quarantine.ts'
import { createTouchpointStore } from './store/touchpoints.ts'
import { createDecoder } from './touchpoint/decode.ts'

const dependencies = once(async (): Promise<IngestDeps> => {
  const settings = environment.settings()
  const dynamodb = createDynamoDB()
  const touchpointsTable = table(dynamodb, environment.touchpointsTable())
  const touchpoints = createTouchpointStore(touchpointsTable)
  const quarantine = { table: touchpointsTable, s3: createS3(), bucket: environment.quarantineBucket() }
  return {
    decode: createDecoder(settings),
    normalise: createIdentifierNormaliser(settings),
    resolve: createResolver({
      identity: createIdentityStore(table(dynamodb, environment.identityTable())),
      touchpoints,
      rules: joinRules(settings),
      newId: createIdGenerator(now),
      now,
      pause,
      random: Math.random,
    }),
    touchpoints,
    quarantine: (records) => putQuarantined(records, quarantine),
    hmacKeys: await readHmacKeys(environment.hmacSecretArn()),
    keepAnchors: settings.keepAnchors,
    now,
  }
})

/** Kinesis → who it was (identity) and what happened (touchpoints). */
export const handler = batchHandler(async (records: KinesisStreamRecord[]) => {
  const outcomes = await ingest(records.map(toStreamRecord), await dependencies())
  countOutcomes(outcomes.flat())
  const failure = outcomes.flat().find((outcome) => outcome.kind === 'failed')
  if (failure) logger.error('a store failed', { error: loggable(failure.error) })
  const failed = records.find((_, index) => outcomes[index]?.some(({ kind }) => kind === 'failed'))
  return failed?.kinesis.sequenceNumber ?? null
})

function toStreamRecord({ kinesis, eventID }: KinesisStreamRecord): StreamRecord {
  return {
    data: Buffer.from(kinesis.data, 'base64'),
    receivedAt: new Date(kinesis.approximateArrivalTimestamp * 1000).toISOString(),
    origin: { shardId: eventID.split(':')[0] ?? '', sequenceNumber: kinesis.sequenceNumber },
  }
}
