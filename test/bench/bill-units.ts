import { retail } from '../../functions/journey/model.ts'
import { tellOfSilence } from '../../functions/journey/silence.ts'
import { pause } from '../../functions/runtime/clock.ts'
import { createJourneyStore } from '../../functions/store/journeys.ts'
import type { TableName, TableUnits } from '../../infra/cost/measured.ts'
import { createRandom } from '../../infra/demo/random.ts'
import { itemBytes } from '../simulation/capacity.ts'
import { createSimulatedDynamoDB, type LogEntry } from '../simulation/dynamodb.ts'
import { createIds } from './container.ts'
import { createFunctionsOn, tables } from './functions-on-store.ts'
import { answeringFirehose, watchRecords } from './lake-firehose.ts'
import { nullBytes } from './lake-publish.ts'
import { createPublishing, windowsOf } from './lake-publishing.ts'
import { bytesOf, createRetailMix } from './retail-mix.ts'
import { tellingAsUsual } from './telling-as-usual.ts'

const warmUpBatches = 150
const measuredBatches = 20
const eventsOfBatch = 100
/** At 100 events a second journey is called four times a second: so often Lambda asks a shard of a table. */
const journeyBatch = 25
/** After which every journey that is still open has been silent for too long. */
const silenceMs = 40 * 86_400_000

export type Use = { requests: number; tables: Record<TableName, TableUnits> }

/** Of process, journey and timers at the retail mix, and what is stored of an event. */
export async function measureStoring() {
  const store = createSimulatedDynamoDB({ tables })
  const functions = createFunctionsOn(store, journeyBatch)
  const mix = createRetailMix(7)
  let lastMs = 0
  let eventBytes = 0
  const takeIn = async (batches: number) => {
    for (let at = 0; at < batches; at++) {
      const { events } = mix.next()
      lastMs = Math.max(lastMs, ...events.map(({ time }) => Date.parse(time)))
      const records = events.map(bytesOf)
      eventBytes = records.reduce((sum, { length }) => sum + length, 0) / records.length
      await functions.process(records)
      await functions.journey(functions.news())
    }
  }
  await takeIn(warmUpBatches)
  const from = store.log.length
  await takeIn(measuredBatches)
  const log = store.log.slice(from)
  const events = measuredBatches * eventsOfBatch
  const all = (warmUpBatches + measuredBatches) * eventsOfBatch
  const stream = store.stream('journeys').read(0, Number.POSITIVE_INFINITY)
  const telling = stream.filter(({ dynamodb }) => Number(dynamodb?.NewImage?.e?.N ?? 0) > 0)
  const headers = store.stream('identity').read(0, Number.POSITIVE_INFINITY)
  const changed = headers.filter(
    ({ eventName, dynamodb }) => eventName === 'MODIFY' && dynamodb?.Keys?.sk?.S === 'N',
  )
  await ring(store, new Date(lastMs + silenceMs))
  const timers = store.log.filter(({ worker }) => worker === 'timers')
  return {
    process: useOf(log, 'process', events),
    journey: useOf(log, 'journey', events),
    timers: useOf(timers, 'timers', all),
    eventBytes,
    storedBytes: Object.fromEntries(
      tableNames.map((name) => [
        name,
        store.items(name).reduce((sum, item) => sum + itemBytes(item), 0) / all,
      ]),
    ),
    toldPerEvent: telling.length / all,
    changedPerEvent: changed.length / all,
  }
}

async function ring(store: ReturnType<typeof createSimulatedDynamoDB>, now: Date): Promise<void> {
  const table = { client: store.client('timers'), name: 'journeys', pause }
  await tellOfSilence(
    {
      ...tellingAsUsual(table, createIds(), () => now),
      ...{ journeys: createJourneyStore(table), rules: { model: retail, currency: 'EUR' }, pause },
      ...{ newId: createIds(), random: createRandom(1).next },
    },
    () => true,
  )
}

/** Of publish, if it takes together what comes within so long; and of the functions before it, if they do as well. */
export async function measurePublishing(windowSeconds: number) {
  const firehose = answeringFirehose()
  const publishing = createPublishing(firehose, 'lake')
  for (let at = 0; at < warmUpBatches; at++) await publishing.takeIn(publishing.next())
  const sent = { rows: 0, nulls: 0 }
  watchRecords(firehose, (records) => {
    for (const record of records) {
      sent.rows += record.length
      sent.nulls += nullBytes(record)
    }
  })
  const from = publishing.store.log.length
  const records = new Map<string, { count: number; bytes: number }>()
  for (let at = 0; at < measuredBatches; at++)
    for (const events of windowsOf(publishing.next(), windowSeconds * 1000)) {
      const batches = await publishing.takeIn(events)
      for (const record of batches.flat()) {
        const kind = record.dynamodb?.Keys?.pk?.S?.slice(0, 1) ?? ''
        const { count, bytes } = records.get(kind) ?? { count: 0, bytes: 0 }
        const whole = JSON.stringify({ ...record, ...envelope })
        records.set(kind, { count: count + 1, bytes: bytes + whole.length })
      }
      await publishing.publish(batches)
    }
  const log = publishing.store.log.slice(from)
  const events = measuredBatches * eventsOfBatch
  return {
    publish: useOf(log, 'publish', events),
    process: useOf(log, 'process', events),
    journey: useOf(log, 'journey', events),
    rowBytes: sent.rows / events,
    nullBytes: sent.nulls / events,
    records: new Map(
      [...records].map(([kind, { count, bytes }]) => [
        kind,
        { perEvent: count / events, bytes: bytes / count },
      ]),
    ),
  }
}

/** What Lambda adds to a record. */
const envelope = {
  eventID: '0'.repeat(32),
  eventVersion: '1.1',
  eventSource: 'aws:dynamodb',
  awsRegion: 'eu-central-1',
  eventSourceARN: 'a'.repeat(120),
}

const tableNames = ['identity', 'touchpoints', 'journeys', 'insights'] as const

function useOf(log: readonly LogEntry[], name: string, events: number): Use {
  const own = log.filter(({ worker }) => worker === name)
  const unitsOf = (table: TableName): TableUnits => {
    const units = { read: 0, write: 0, indexRead: 0, indexWrite: 0 }
    for (const entry of own) {
      const [whole, index] = [entry.units[table], entry.indexUnits[table]]
      units.indexRead += (index?.read ?? 0) / events
      units.indexWrite += (index?.write ?? 0) / events
      units.read += ((whole?.read ?? 0) - (index?.read ?? 0)) / events
      units.write += ((whole?.write ?? 0) - (index?.write ?? 0)) / events
    }
    return units
  }
  const [identity, touchpoints, journeys, insights] = tableNames.map(unitsOf)
  if (!identity || !touchpoints || !journeys || !insights) throw new Error('there are four tables')
  return { requests: own.length / events, tables: { identity, touchpoints, journeys, insights } }
}
