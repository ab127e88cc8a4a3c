import { apiHandler } from './http/api.ts'
import { noParameters, parseQuery } from './http/request.ts'
import { requireScope } from './http/require-scope.ts'
import { createTokenVerifier } from './http/token.ts'
import { createIdentifierNormaliser } from './identity/identifier.ts'
import { type CollectDeps, collect } from './ingest/collect.ts'
import { putRecords } from './ingest/send.ts'
import { createDynamoDB, createKinesis, table } from './runtime/clients.ts'
import { now, pause } from './runtime/clock.ts'
import { environment } from './runtime/environment.ts'
import { publishMetrics, reportOutcomes } from './runtime/outcomes.ts'
import { logger } from './runtime/telemetry.ts'
import { putQuarantined, quarantineBucket } from './store/quarantine.ts'
import { createDecoder } from './touchpoint/decode.ts'
import { createPartitionKey } from './touchpoint/partition-key.ts'

const settings = environment.settings()
const stream = { kinesis: createKinesis(), stream: environment.streamName(), pause }
const quarantine = {
  table: table(createDynamoDB(), environment.touchpointsTable()),
  bucket: quarantineBucket(environment.quarantineBucket()),
}
const dependencies: Omit<CollectDeps, 'report'> = {
  decode: createDecoder(settings),
  normalise: createIdentifierNormaliser(settings),
  partitionKey: createPartitionKey(settings),
  send: (records) => putRecords(records, stream),
  quarantine: (records) => putQuarantined(records, quarantine),
  now,
}

const verify = createTokenVerifier(environment.issuer())

export const handler = apiHandler({
  'POST /v1/events': async ({ body, headers, query }) => {
    await requireScope(headers.authorization, 'events:write', verify)
    parseQuery(query, noParameters)
    const isGzipped = headers['content-encoding'] === 'gzip'
    const startedAt = performance.now()
    const report: CollectDeps['report'] = (outcomes) => {
      const durationMs = Math.round(performance.now() - startedAt)
      logger.info('batch', { ...reportOutcomes(outcomes), durationMs })
      publishMetrics()
    }
    return { status: 202, body: await collect(body, isGzipped, { ...dependencies, report }) }
  },
})
