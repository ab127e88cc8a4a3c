import type { FirehoseClient } from '@aws-sdk/client-firehose'
import { z } from 'zod'
import { stream } from '../infra/local/lake/lake-resources.ts'
import { startLake, startPlace } from '../infra/local/lake/local-lake.ts'
import { answeringFirehose, tableOf, watchRecords } from './lake-firehose.ts'
import { createPublishing, windowsOf } from './lake-publishing.ts'
import { cpuOf, printTable } from './report.ts'
import type { SentEvent } from './retail-visit.ts'
import { printBreakdown, usageOf } from './usage.ts'

const warmUpBatches = 150
const measuredBatches = 40
const tablesTold = ['touchpoint_log', 'identity_map', 'journey_log'] as const

/** What publish does for an event on average. */
export type PublishUse = {
  rows: number
  bytes: number
  /** Of these, nulls with the names of their columns. */
  nullBytes: number
  /** Units and requests of DynamoDB. */
  readUnits: number
  reads: number
  cpuMicros: number
  /** Records of the tables' streams. */
  records: number
  /** Days of a table for which there are rows among those of a hundred events: so many files they become. */
  filesOfHundred: number
}

/** How fast rows come into the lake of this machine, and what that takes: as it is, and if batches waited longer. */
export async function benchPublish(): Promise<{ now: PublishUse; patient: PublishUse }> {
  console.log(`lake: ${warmUpBatches * 100} events of the retail mix first, then measured (2 to 4 minutes)`)
  const ways = [
    await measure('in windows of 30 s', (events) => windowsOf(events)),
    await measure('of 5 minutes', (events) => windowsOf(events, 300_000)),
    await measure('100 events together', together),
  ] as const
  const [now, patient] = ways
  const line = (name: string, figure: (one: Measured) => number) => [name, ...ways.map(figure)]
  printTable(
    'lake: publish at the retail mix, for 100 events, by what comes in one batch',
    ['', ...ways.map(({ name }) => name)],
    [
      line('records of streams', ({ records }) => records * 100),
      line('calls of publish', ({ calls }) => calls * 100),
      ...tablesTold.flatMap((table) => [
        line(`rows of ${table}`, ({ told }) => (told.get(table)?.rows ?? 0) * 100),
        line(`bytes of ${table}`, ({ told }) => (told.get(table)?.bytes ?? 0) * 100),
      ]),
      line('bytes of all rows', ({ bytes }) => bytes * 100),
      line('of which nulls and their names', ({ nullBytes }) => nullBytes * 100),
      line('requests to Firehose', ({ puts }) => puts * 100),
      line('requests to DynamoDB', ({ reads }) => reads * 100),
      line('read units', ({ readUnits }) => readUnits * 100),
      line('days of tables with rows', ({ filesOfHundred }) => filesOfHundred),
    ],
  )
  printBreakdown('lake: what publish reads for 100 events in windows of 30 s', now.stretch)
  const local = [await intoLocalLake((events) => windowsOf(events)), await intoLocalLake(together)]
  printTable(
    'lake: rows a second through publish, reads of DynamoDB on the simulated store',
    ['', 'Firehose answers at once', 'of this machine', 'µs of CPU an event'],
    [
      ['in windows of 30 s', now.rowsPerSecond, local[0] ?? 0, now.cpuMicros],
      ['100 events together', ways[2].rowsPerSecond, local[1] ?? 0, ways[2].cpuMicros],
    ],
  )
  console.log('  CPU: without the simulated store; with the SDK for Firehose, without that for DynamoDB.\n')
  return { now, patient }
}

const together: Split = (events) => [events]

type Split = (events: readonly SentEvent[]) => readonly (readonly SentEvent[])[]
type Told = { rows: number; bytes: number }
type Measured = Awaited<ReturnType<typeof measure>>

async function measure(name: string, split: Split) {
  const firehose = answeringFirehose()
  const publishing = await warm(firehose, 'lake')
  const sent: Uint8Array[] = []
  let puts = 0
  watchRecords(firehose, (records) => {
    puts++
    sent.push(...records)
  })
  const [logFrom, exchangesFrom] = [publishing.store.log.length, publishing.exchanges.length]
  const total = { records: 0, calls: 0, micros: 0, ms: 0, files: 0 }
  for (let at = 0; at < measuredBatches; at++) {
    const from = sent.length
    for (const events of split(publishing.next())) {
      const batches = await publishing.takeIn(events)
      total.calls += batches.length
      total.records += batches.reduce((sum, batch) => sum + batch.length, 0)
      const startedMs = performance.now()
      total.micros += (await cpuOf(() => publishing.publish(batches))).micros
      total.ms += performance.now() - startedMs
    }
    total.files += filesOf(sent.slice(from))
  }
  const events = measuredBatches * 100
  const log = publishing.store.log.slice(logFrom).filter(({ worker }) => worker === 'publish')
  const usage = usageOf(log, events)
  const replayed = publishing.exchanges.slice(exchangesFrom)
  const inStore = await cpuOf(async () => {
    for (const { send } of replayed) await send(publishing.client)
  })
  const told = new Map<string, Told>()
  for (const record of sent) {
    const { rows, bytes } = told.get(tableOf(record)) ?? { rows: 0, bytes: 0 }
    told.set(tableOf(record), { rows: rows + 1 / events, bytes: bytes + record.length / events })
  }
  return {
    name,
    told,
    stretch: { log, events },
    rows: sent.length / events,
    bytes: sent.reduce((sum, record) => sum + record.length, 0) / events,
    nullBytes: sent.reduce((sum, record) => sum + nullBytes(record), 0) / events,
    readUnits: usage.read,
    reads: usage.requests,
    records: total.records / events,
    calls: total.calls / events,
    puts: puts / events,
    cpuMicros: (total.micros - inStore.micros) / events,
    rowsPerSecond: (1000 * sent.length) / total.ms,
    filesOfHundred: total.files / measuredBatches,
  }
}

async function intoLocalLake(split: Split): Promise<number> {
  const place = await startPlace()
  const lake = await startLake(place)
  try {
    const publishing = await warm(lake.firehose, stream)
    let rows = 0
    watchRecords(lake.firehose, (records) => {
      rows += records.length
    })
    let ms = 0
    for (let at = 0; at < measuredBatches; at++)
      for (const events of split(publishing.next())) {
        const batches = await publishing.takeIn(events)
        const startedMs = performance.now()
        await publishing.publish(batches)
        ms += performance.now() - startedMs
      }
    return (1000 * rows) / ms
  } finally {
    await lake.close()
    await place.close()
  }
}

/** Most persons have a history. */
async function warm(firehose: FirehoseClient, name: string) {
  const publishing = createPublishing(firehose, name)
  for (let at = 0; at < warmUpBatches; at++) await publishing.takeIn(publishing.next())
  return publishing
}

const rowSchema = z.record(z.string(), z.unknown())
const daysSchema = z.object({ event_time: z.number().optional(), started_at: z.number().optional() })

const read = (record: Uint8Array): unknown => JSON.parse(Buffer.from(record).toString())

/** Of a row, its nulls with the names of their columns. */
export const nullBytes = (record: Uint8Array): number =>
  Object.entries(rowSchema.parse(read(record))).reduce(
    (sum, [name, value]) => sum + (value === null ? name.length + '"":null,'.length : 0),
    0,
  )

/** Tables are partitioned by the days of these; what has neither goes into one file. */
function filesOf(records: readonly Uint8Array[]): number {
  const files = records.map((record) => {
    const { event_time, started_at } = daysSchema.parse(read(record))
    return `${tableOf(record)} ${Math.floor((event_time ?? started_at ?? 0) / 86_400e6)}`
  })
  return new Set(files).size
}
