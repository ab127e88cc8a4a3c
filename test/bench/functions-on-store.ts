import type { DynamoDBRecord } from 'aws-lambda'
import { z } from 'zod'
import { type KeepDeps, keepJourneys } from '../../functions/journey/keep.ts'
import { retail } from '../../functions/journey/model.ts'
import { readNews } from '../../functions/journey/news.ts'
import { pause } from '../../functions/runtime/clock.ts'
import { chunked } from '../../functions/store/dynamodb.ts'
import { createJourneyStore } from '../../functions/store/journeys.ts'
import { createRandom } from '../../infra/demo/random.ts'
import type { SimulatedDynamoDB } from '../simulation/dynamodb.ts'
import { shapes } from '../simulation/shapes.ts'
import { createContainer, createIds, storesOn } from './container.ts'
import { tellingAsUsual } from './telling-as-usual.ts'

export const tables = shapes

/**
 * The functions process and journey, wired as in their entry points, on the store of the tests.
 *
 * @param streamBatch what the event sources of journey deliver at most in one batch
 */
export function createFunctionsOn(store: SimulatedDynamoDB, streamBatch = 100) {
  const random = createRandom(1)
  const newId = createIds()
  const parts = (worker: string) => {
    const client = store.client(worker)
    const journeys = createJourneyStore({ client, name: 'journeys', pause })
    return { ...storesOn(client, pause), journeys, newId, pause, random: random.next }
  }

  const processing = parts('process')
  let container = createContainer(processing)
  // What a batch says happens as it comes in.
  let clock = new Date(0)
  const timers = { client: store.client('journey'), name: 'journeys', pause }
  const keepDeps: KeepDeps = {
    ...parts('journey'),
    ...tellingAsUsual(timers, newId, () => clock),
    rules: { model: retail, currency: 'EUR' },
    onBroken: (_, error) => {
      throw error
    },
  }
  const position = { identity: 0, touchpoints: 0 }

  const read = (table: keyof typeof position, isWanted: (record: DynamoDBRecord) => boolean) => {
    const records = store.stream(table).read(position[table], Number.POSITIVE_INFINITY)
    position[table] += records.length
    return chunked(records.filter(isWanted), streamBatch)
  }

  return {
    /** The next batch finds no identifier remembered from those before it. */
    forget: () => {
      container = createContainer(processing)
    },
    process: async (events: readonly Uint8Array[]): Promise<void> => {
      clock = latestTime(events)
      const outcomes = await container(events)
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

const timed = z.object({ time: z.coerce.date() })

function latestTime(events: readonly Uint8Array[]): Date {
  const times = events.map((event) => timed.parse(JSON.parse(Buffer.from(event).toString())).time.getTime())
  return new Date(Math.max(...times))
}

const isNode = ({ dynamodb }: DynamoDBRecord) => dynamodb?.Keys?.pk?.S?.startsWith('N#') === true
const isOfNode = (record: DynamoDBRecord) => record.eventName === 'INSERT' && isNode(record)
const isHeaderChange = (record: DynamoDBRecord) =>
  record.eventName === 'MODIFY' && isNode(record) && record.dynamodb?.Keys?.sk?.S === 'N'
