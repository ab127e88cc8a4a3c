import type { DynamoDBRecord } from 'aws-lambda'
import { createIdentifierNormaliser } from '../../functions/identity/identifier.ts'
import { joinRules } from '../../functions/identity/person.ts'
import { createResolver } from '../../functions/identity/resolve.ts'
import { type IngestDeps, ingest } from '../../functions/ingest/ingest.ts'
import { type KeepDeps, keepJourneys } from '../../functions/journey/keep.ts'
import { retail } from '../../functions/journey/model.ts'
import { readNews } from '../../functions/journey/news.ts'
import { pause } from '../../functions/runtime/clock.ts'
import { chunked } from '../../functions/store/dynamodb.ts'
import { createIdentityStore } from '../../functions/store/identity.ts'
import { createJourneyStore } from '../../functions/store/journeys.ts'
import { createTouchpointStore } from '../../functions/store/touchpoints.ts'
import { createDecoder } from '../../functions/touchpoint/decode.ts'
import { hmacKey, settings } from '../identity/sequential.ts'
import type { SimulatedDynamoDB } from '../simulation/dynamodb.ts'
import { createRandom } from '../simulation/random.ts'

const keys = { partitionKey: 'pk', sortKey: 'sk' }
export const tables = {
  identity: { ...keys, indexes: { byNode: { partitionKey: 'n', sortKey: 'pk' } } },
  touchpoints: keys,
  journeys: keys,
}

/** What the event sources of journey deliver at most in one batch. */
const streamBatch = 100

/** The functions process and journey, wired as in their entry points, on the store of the tests. */
export function createFunctionsOn(store: SimulatedDynamoDB) {
  const random = createRandom(1)
  const now = () => new Date('2026-01-01T00:00:00Z')
  let made = 0
  const newId = () => String(++made).padStart(20, '0')
  const parts = (worker: string) => {
    const client = store.client(worker)
    const table = (name: keyof typeof tables) => ({ client, name, pause })
    return {
      identity: createIdentityStore(table('identity')),
      touchpoints: createTouchpointStore(table('touchpoints')),
      journeys: createJourneyStore(table('journeys')),
      newId,
      pause,
      random: random.next,
    }
  }

  const processing = parts('process')
  const newResolver = () => createResolver({ ...processing, rules: joinRules(settings), now })
  const ingestDeps: IngestDeps = {
    decode: createDecoder(settings),
    normalise: createIdentifierNormaliser(settings),
    resolve: newResolver(),
    touchpoints: processing.touchpoints,
    quarantine: async ([record]) => {
      throw new Error(`an event of the retail mix was rejected: ${record?.detail}`)
    },
    hmacKeys: [hmacKey],
    keepAnchors: true,
    now,
  }
  const keepDeps: KeepDeps = {
    ...parts('journey'),
    rules: { model: retail, currency: 'EUR' },
    onBroken: (_, error) => {
      throw error
    },
  }
  const position = { identity: 0, touchpoints: 0 }
  let sequence = 0

  const read = (table: keyof typeof position, isWanted: (record: DynamoDBRecord) => boolean) => {
    const records = store.stream(table).read(position[table], Number.POSITIVE_INFINITY)
    position[table] += records.length
    return chunked(records.filter(isWanted), streamBatch)
  }

  return {
    /** The next batch finds no identifier remembered from those before it. */
    forget: () => {
      ingestDeps.resolve = newResolver()
    },
    process: async (records: readonly Uint8Array[]): Promise<void> => {
      const arrived = records.map((data) => ({
        data,
        receivedAt: now().toISOString(),
        origin: { shardId: 'bench', sequenceNumber: String(++sequence) },
      }))
      const outcomes = (await ingest(arrived, ingestDeps)).flat()
      const other = outcomes.find(({ kind }) => kind !== 'accepted')
      if (other) throw new Error(`an event of the retail mix was ${JSON.stringify(other)}`)
    },
    /** The batches that the event sources of journey would deliver since the last call. */
    news: () => [...read('touchpoints', isOfNode), ...read('identity', isHeaderChange)],
    journey: async (batches: readonly (readonly DynamoDBRecord[])[]): Promise<void> => {
      for (const batch of batches) await keepJourneys(readNews(batch), keepDeps)
    },
  }
}

const isNode = ({ dynamodb }: DynamoDBRecord) => dynamodb?.Keys?.pk?.S?.startsWith('N#') === true
const isOfNode = (record: DynamoDBRecord) => record.eventName === 'INSERT' && isNode(record)
const isHeaderChange = (record: DynamoDBRecord) =>
  record.eventName === 'MODIFY' && isNode(record) && record.dynamodb?.Keys?.sk?.S === 'N'
