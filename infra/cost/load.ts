import type { Scale } from '../profiles.ts'
import {
  type PublishUse,
  publishing,
  storing,
  storingSingly,
  streamRecords,
  type TableName,
  type Tables,
} from './measured.ts'

/** How the stacks are built, as far as it costs; what savings are tried on. */
export interface Build {
  /** The most records of a table's stream that publish takes at once. */
  recordsTogether: number
  /** How many days Kinesis keeps an event. */
  retentionDays: number
  /** Whether X-Ray traces the functions that streams call. */
  tracedStreams: boolean
  /** Whether Lambda logs the start, the end and the report of each call. */
  platformLogs: boolean
  /** Whether rows for the lake name the columns that have nothing. */
  nullsSent: boolean
  /** How long batches of journey wait for more, in seconds. */
  journeyWindowSeconds: 0 | 1
  /** How long those of notify do. */
  notifyWindowSeconds: 0 | 1
  /** Whether events of a person come in one batch as often as in the retail mix: 40 persons in 100 events. */
  together: boolean
}

export const asBuilt: Build = {
  recordsTogether: 10_000,
  retentionDays: 7,
  tracedStreams: false,
  platformLogs: false,
  nullsSent: true,
  journeyWindowSeconds: 0,
  notifyWindowSeconds: 1,
  together: true,
}

export interface Demand {
  eventsPerSecond: number
  scale: Scale
  build: Build
}

/** Of a batch: Lambda's limit for what a function is called with. */
const mostBatchBytes = 6e6
/** A shard of Kinesis is asked for records once a second, one of a table four times (AWS Lambda, polling). */
const pollsPerSecond = { kinesis: 1, table: 4 }
const processTogether = 100
/** A new table or stream on demand begins with as many partitions (DynamoDB, "Initial throughput for on-demand"). */
const onDemandShards = 4
/** One partition of a table takes at most 1,000 write units and 3,000 read units a second. */
const partition = { write: 1_000, read: 3_000 }
/** Auto scaling keeps so much of what is bought in use. */
export const utilization = 0.9
/** Of an index by which people look for an order now and then, units a second; auto scaling leaves them as they are. */
export const indexReads = 2
const orderIndexes = 2

/** Read units a second that are bought beside those of events. */
export const readsAnyway = orderIndexes * indexReads

export const tableNames = ['identity', 'touchpoints', 'journeys', 'insights'] as const

/** What all functions take of the tables for an event. */
export function unitsPerEvent(use: PublishUse, { together }: Build = asBuilt): Tables {
  const unitsOf = (name: TableName, read: number, indexRead: number) => {
    const stored = together ? storing : { ...storing, ...storingSingly }
    const all = Object.values(stored).map(({ tables }) => tables[name])
    const sum = (kind: 'read' | 'write' | 'indexWrite') =>
      all.reduce((total, units) => total + units[kind], 0)
    return {
      read: sum('read') + read,
      write: sum('write'),
      indexRead,
      indexWrite: sum('indexWrite'),
    }
  }
  return {
    identity: unitsOf('identity', use.read.identity, use.read.identityIndex),
    touchpoints: unitsOf('touchpoints', use.read.touchpoints, 0),
    journeys: unitsOf('journeys', use.read.journeys, 0),
    insights: unitsOf('insights', 0, 0),
  }
}

/** Between two windows that were measured, in proportion. */
export function publishingIn(windowSeconds: number): PublishUse {
  const after = publishing.find((use) => use.windowSeconds >= windowSeconds) ?? publishing.at(-1)
  const before = publishing.findLast((use) => use.windowSeconds <= windowSeconds) ?? publishing[0]
  if (!before || !after) throw new Error('no window was measured')
  const span = after.windowSeconds - before.windowSeconds
  const share = span === 0 ? 0 : (windowSeconds - before.windowSeconds) / span
  const mix = (from: number, to: number) => from + share * (to - from)
  return {
    windowSeconds,
    requests: mix(before.requests, after.requests),
    read: {
      identity: mix(before.read.identity, after.read.identity),
      identityIndex: mix(before.read.identityIndex, after.read.identityIndex),
      touchpoints: mix(before.read.touchpoints, after.read.touchpoints),
      journeys: mix(before.read.journeys, after.read.journeys),
    },
    rowBytes: mix(before.rowBytes, after.rowBytes),
    nullBytes: mix(before.nullBytes, after.nullBytes),
  }
}

/** How many shards the stream of a table has, as long as the table is not larger than 10 GB a shard. */
function shardsOf({ eventsPerSecond, scale }: Demand, name: TableName): number {
  if (scale.tables.mode === 'on-demand') return onDemandShards
  const { read, write } = unitsPerEvent(publishingIn(1))[name]
  const bought = Math.max(eventsPerSecond, scale.tables.eventsPerSecond) / utilization
  return Math.max(1, Math.ceil((bought * write) / partition.write + (bought * read) / partition.read))
}

/** How long a batch of publish waits: for its time, or less if it is full before. */
export function waitOf(demand: Demand, name: keyof typeof streamRecords): number {
  const { eventsPerSecond, scale, build } = demand
  const { perEvent, bytes } = streamRecords[name]
  const perSecond = (eventsPerSecond * perEvent) / shardsOf(demand, name)
  const most = Math.min(build.recordsTogether, mostBatchBytes / bytes)
  return Math.max(1, Math.min(scale.publishWindowSeconds, most / perSecond))
}

export type StreamFunction = 'process' | 'journey' | 'publish' | 'notify' | 'timers' | 'refold'

/** Calls a second. */
export function callsOf(demand: Demand, toldPerEvent: number, changedPerEvent: number) {
  const { eventsPerSecond, scale, build } = demand
  const streamShards = scale.stream.mode === 'on-demand' ? onDemandShards : scale.stream.shards
  const polled = (perSecond: number, name: TableName, windowSeconds: number) =>
    Math.min(
      perSecond,
      (windowSeconds > 0 ? 1 / windowSeconds : pollsPerSecond.table) * shardsOf(demand, name),
    )
  const published = (['touchpoints', 'identity', 'journeys'] as const).map((name) => {
    const records = eventsPerSecond * streamRecords[name].perEvent
    return Math.min(records, shardsOf(demand, name) / waitOf(demand, name))
  })
  return {
    process: Math.max(
      Math.min(eventsPerSecond, pollsPerSecond.kinesis * streamShards),
      eventsPerSecond / processTogether,
    ),
    journey:
      polled(eventsPerSecond, 'touchpoints', build.journeyWindowSeconds) +
      polled(eventsPerSecond * changedPerEvent, 'identity', build.journeyWindowSeconds),
    publish: published.reduce((sum, calls) => sum + calls, 0),
    notify: polled(eventsPerSecond * toldPerEvent, 'journeys', build.notifyWindowSeconds),
    timers: 1 / 60,
    refold: 1 / 900,
  } satisfies Record<StreamFunction, number>
}
