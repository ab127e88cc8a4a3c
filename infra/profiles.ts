import type { FunctionName } from './build.ts'

/** What a deployment is able to take, and what it costs: each may be set by itself in cdk.json. */
export interface Scale {
  /** Each shard takes 1,000 records or 1 MiB a second; `on-demand` follows the load, up to 200 MiB a second. */
  stream: { mode: 'provisioned'; shards: number } | { mode: 'on-demand' }
  /** Provisioned capacity follows the load between the two, in events a second. */
  tables: { mode: 'on-demand' } | { mode: 'provisioned'; eventsPerSecond: number; maxEventsPerSecond: number }
  /** Batches of one shard that are at work at once. Above 1, order holds per partition key only. */
  parallelizationFactor: number
  /** How long the lake's rows may wait for others before they are read from the tables, in seconds. */
  publishWindowSeconds: number
  /** How long they may wait before they are written into files, in seconds; longer makes fewer and larger ones. */
  lakeBufferSeconds: number
  /** In MB; a full core comes with 1,769. */
  memory: Partial<Record<FunctionName, number>>
  /** The most of a function that run at once; nobody else can take these, and it can take no more. */
  reservedConcurrency: Partial<Record<FunctionName, number>>
  /** Beyond, callers get 429. */
  api: { requestsPerSecond: number; burst: number }
}

/** So that whoever asks does not take from the streams what they run on. */
const share = (most: number) => ({
  collect: most,
  customers: most,
  operations: Math.ceil(most / 5),
  quarantine: Math.ceil(most / 5),
  campaigns: Math.ceil(most / 5),
  insights: Math.ceil(most / 5),
})

export const profiles = {
  /** To try it out: next to nothing while nothing happens. A new account has too few executions to reserve any. */
  trial: {
    stream: { mode: 'provisioned', shards: 1 },
    tables: { mode: 'on-demand' },
    parallelizationFactor: 1,
    publishWindowSeconds: 30,
    lakeBufferSeconds: 300,
    memory: {},
    reservedConcurrency: {},
    api: { requestsPerSecond: 50, burst: 100 },
  },
  /** A retailer with some hundred shops, and around the clock 100 events a second. */
  small: {
    stream: { mode: 'provisioned', shards: 1 },
    tables: { mode: 'provisioned', eventsPerSecond: 100, maxEventsPerSecond: 1_000 },
    parallelizationFactor: 1,
    publishWindowSeconds: 300,
    lakeBufferSeconds: 300,
    memory: {},
    reservedConcurrency: share(25),
    api: { requestsPerSecond: 200, burst: 400 },
  },
  /** A chain of many countries. */
  large: {
    stream: { mode: 'on-demand' },
    tables: { mode: 'provisioned', eventsPerSecond: 1_000, maxEventsPerSecond: 20_000 },
    parallelizationFactor: 4,
    publishWindowSeconds: 300,
    lakeBufferSeconds: 300,
    memory: { process: 1_769, journey: 1_769, publish: 1_769 },
    reservedConcurrency: share(100),
    api: { requestsPerSecond: 2_000, burst: 4_000 },
  },
} as const satisfies Record<string, Scale>

export type ProfileName = keyof typeof profiles
