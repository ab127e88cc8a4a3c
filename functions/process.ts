import type { KinesisStreamRecord } from 'aws-lambda'
import { createIdentifierNormaliser } from './identity/identifier.ts'
import { joinRules } from './identity/person.ts'
import { createResolver } from './identity/resolve.ts'
import type { StreamRecord } from './ingest/entry.ts'
import { type IngestDeps, ingest } from './ingest/ingest.ts'
import { batchHandler } from './runtime/batch.ts'
import { createDynamoDB, readHmacKeys, table } from './runtime/clients.ts'
import { createIdGenerator, now, pause } from './runtime/clock.ts'
import { environment } from './runtime/environment.ts'
import { once } from './runtime/once.ts'
import { publishMetrics, reportLag, reportOutcomes } from './runtime/outcomes.ts'
import { createIdentityStore } from './store/identity.ts'
import { putQuarantined, quarantineBucket } from './store/quarantine.ts'
import { createTouchpointStore } from './store/touchpoints.ts'
import { createDecoder } from './touchpoint/decode.ts'

const dependencies = once(async (): Promise<IngestDeps> => {
  const settings = environment.settings()
  const dynamodb = createDynamoDB()
  const touchpointsTable = table(dynamodb, environment.touchpointsTable())
  const touchpoints = createTouchpointStore(touchpointsTable)
  const bucket = quarantineBucket(environment.quarantineBucket())
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
    quarantine: (records) => putQuarantined(records, { table: touchpointsTable, bucket }),
    hmacKeys: await readHmacKeys(environment.hmacSecretArn()),
    keepAnchors: settings.keepAnchors,
    now,
  }
})

/** Kinesis → who it was (identity) and what happened (touchpoints). */
export const handler = batchHandler(async (records: KinesisStreamRecord[], tell) => {
  const outcomes = await ingest(records.map(toStreamRecord), await dependencies())
  tell(reportOutcomes(outcomes.flat()))
  reportLag(now().getTime() - Math.min(...records.map(arrivedAtMs)))
  publishMetrics()
  const failed = records.find((_, index) => outcomes[index]?.some(({ kind }) => kind === 'failed'))
  return failed?.kinesis.sequenceNumber ?? null
})

const arrivedAtMs = ({ kinesis }: Pick<KinesisStreamRecord, 'kinesis'>): number =>
  kinesis.approximateArrivalTimestamp * 1000

function toStreamRecord({ kinesis, eventID }: KinesisStreamRecord): StreamRecord {
  return {
    data: Buffer.from(kinesis.data, 'base64'),
    receivedAt: new Date(arrivedAtMs({ kinesis })).toISOString(),
    origin: { shardId: eventID.split(':')[0] ?? '', sequenceNumber: kinesis.sequenceNumber },
  }
}
