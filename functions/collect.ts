import { apiHandler } from './http/api.ts'
import { noParameters, parseQuery } from './http/request.ts'
import { createIdentifierNormaliser } from './identity/identifier.ts'
import { type CollectDeps, collect } from './ingest/collect.ts'
import { putRecords } from './ingest/send.ts'
import { createDynamoDB, createKinesis, createS3, table } from './runtime/clients.ts'
import { now, pause } from './runtime/clock.ts'
import { environment } from './runtime/environment.ts'
import { putQuarantined } from './store/quarantine.ts'
import { createDecoder } from './touchpoint/decode.ts'
import { createPartitionKey } from './touchpoint/partition-key.ts'

const settings = environment.settings()
const stream = { kinesis: createKinesis(), stream: environment.streamName(), pause }
const quarantine = {
  table: table(createDynamoDB(), environment.touchpointsTable()),
  s3: createS3(),
  bucket: environment.quarantineBucket(),
}
const dependencies: CollectDeps = {
  decode: createDecoder(settings),
  normalise: createIdentifierNormaliser(settings),
  partitionKey: createPartitionKey(settings),
  send: (records) => putRecords(records, stream),
  quarantine: (records) => putQuarantined(records, quarantine),
  now,
}

export const handler = apiHandler({
  'POST /v1/events': async ({ body, headers, query }) => {
    parseQuery(query, noParameters)
    const isGzipped = headers['content-encoding'] === 'gzip'
    return { status: 202, body: await collect(body, isGzipped, dependencies) }
  },
})
