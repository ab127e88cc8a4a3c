import type { FirehoseClient } from '@aws-sdk/client-firehose'
import type { DynamoDBRecord } from 'aws-lambda'
import { retail } from '../../functions/journey/model.ts'
import { createNodeReader } from '../../functions/lake/node-details.ts'
import { type PublishDeps, publish } from '../../functions/lake/publish.ts'
import { pause } from '../../functions/runtime/clock.ts'
import { chunked } from '../../functions/store/dynamodb.ts'
import { createIdentityAudit } from '../../functions/store/identity-audit.ts'
import { createJourneyStore } from '../../functions/store/journeys.ts'
import { createSimulatedDynamoDB } from '../simulation/dynamodb.ts'
import { storesOn } from './container.ts'
import { createFunctionsOn, tables } from './functions-on-store.ts'
import { recorded } from './recording.ts'
import { bytesOf, createRetailMix } from './retail-mix.ts'
import type { SentEvent } from './retail-visit.ts'

/** What the event sources of publish deliver at most in one batch. */
const batchSize = 1000

/** The functions process and journey at the retail mix, and what their tables' streams then bring to publish. */
export function createPublishing(firehose: FirehoseClient, stream: string) {
  let clockMs = 0
  const store = createSimulatedDynamoDB({ tables, now: () => clockMs })
  const functions = createFunctionsOn(store)
  const mix = createRetailMix(7)
  const position = { touchpoints: 0, identity: 0, journeys: 0 }
  const reads = recorded(store)
  const client = reads.client('publish')
  const { identity, touchpoints } = storesOn(client, pause)
  const audit = createIdentityAudit({ client, name: 'identity', pause })
  const deps: PublishDeps = {
    ...{ identity, touchpoints, firehose, stream, pause, model: retail, random: Math.random },
    journeys: createJourneyStore({ client, name: 'journeys', pause }),
    rulesOf: async () => ({ model: retail, currency: 'EUR' }),
    detailsOf: createNodeReader({ audit, identity }),
    now: () => new Date(clockMs),
    onUnreadable: (_, error) => {
      throw error
    },
  }
  const news = (table: keyof typeof position): DynamoDBRecord[][] => {
    const records = store.stream(table).read(position[table], Number.POSITIVE_INFINITY)
    position[table] += records.length
    return chunked(records.filter(wanted[table]), batchSize)
  }

  return {
    store,
    /** What publish has read so far; it writes nothing into the store. */
    exchanges: reads.exchanges,
    client,
    next: () => mix.next().events,
    /** @returns the batches that publish is called with next */
    takeIn: async (events: readonly SentEvent[]): Promise<DynamoDBRecord[][]> => {
      clockMs = Math.max(clockMs, ...events.map(({ time }) => Date.parse(time)))
      await functions.process(events.map(bytesOf))
      await functions.journey(functions.news())
      return [...news('touchpoints'), ...news('identity'), ...news('journeys')]
    },
    publish: async (batches: readonly (readonly DynamoDBRecord[])[]): Promise<void> => {
      for (const batch of batches) await publish(batch, deps)
    },
  }
}

/** Events by the stretch of time in which they happen: what a batch of a stream waits for. */
export function windowsOf(events: readonly SentEvent[], windowMs = 30_000): SentEvent[][] {
  return [...Map.groupBy(events, ({ time }) => Math.floor(Date.parse(time) / windowMs)).values()]
}

const keyOf = ({ dynamodb }: DynamoDBRecord) =>
  [dynamodb?.Keys?.pk?.S ?? '', dynamodb?.Keys?.sk?.S ?? ''] as const

/** As the filters of infra/table-changes.ts. */
const wanted = {
  touchpoints: (record: DynamoDBRecord) => record.eventName === 'INSERT' && /^[NXQ]#/.test(keyOf(record)[0]),
  identity: (record: DynamoDBRecord) => {
    const [pk, sk] = keyOf(record)
    const isNode = pk.startsWith('N#') && sk === 'N' && record.eventName !== 'REMOVE'
    return isNode || (pk.startsWith('I#') && sk.startsWith('H#') && record.eventName === 'INSERT')
  },
  journeys: (record: DynamoDBRecord) => keyOf(record)[0].startsWith('P#'),
}
