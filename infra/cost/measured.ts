/** Of a table, and of its index beside it. */
export interface TableUnits {
  read: number
  write: number
  indexRead: number
  indexWrite: number
}

export type TableName = 'identity' | 'touchpoints' | 'journeys' | 'insights'
export type Tables = Record<TableName, TableUnits>

/** What a function does for an event of the retail mix, on average. */
export interface Use {
  /** To DynamoDB. */
  requests: number
  tables: Tables
}

const none: TableUnits = { read: 0, write: 0, indexRead: 0, indexWrite: 0 }

/**
 * `npm run bench -- bill`: process in batches of 100, as a shard of Kinesis has them at 100 events a second, and journey
 * in batches of 25, for tables' streams are asked four times a second. Timers: all journeys of the mix, each in the end.
 */
export const storing = {
  process: {
    requests: 0.138,
    tables: {
      identity: { read: 0.2875, write: 0.248, indexRead: 0, indexWrite: 0.0545 },
      touchpoints: { read: 0.017, write: 1, indexRead: 0, indexWrite: 0 },
      journeys: none,
      insights: none,
    },
  },
  journey: {
    requests: 0.2985,
    tables: {
      identity: { read: 0.457, write: 0, indexRead: 0, indexWrite: 0 },
      touchpoints: { read: 0.02, write: 0, indexRead: 0, indexWrite: 0 },
      journeys: { read: 0.2988, write: 0.7065, indexRead: 0, indexWrite: 0.0375 },
      insights: none,
    },
  },
  timers: {
    requests: 0.0081,
    tables: {
      identity: none,
      touchpoints: none,
      journeys: { read: 0.1145, write: 0.1198, indexRead: 0, indexWrite: 0 },
      insights: none,
    },
  },
} as const satisfies Record<string, Use>

/** The same, if no two events of a person come in the same second: the mix, by the times of its events. */
export const storingSingly = {
  process: {
    requests: storing.process.requests,
    tables: {
      ...storing.process.tables,
      identity: { read: 0.7655, write: 0.248, indexRead: 0, indexWrite: 0.0545 },
    },
  },
  journey: {
    requests: storing.journey.requests,
    tables: {
      identity: { read: 1.0615, write: 0, indexRead: 0, indexWrite: 0 },
      touchpoints: { read: 0.0215, write: 0, indexRead: 0, indexWrite: 0 },
      journeys: { read: 0.6018, write: 1.3855, indexRead: 0, indexWrite: 0.0375 },
      insights: none,
    },
  },
} as const satisfies Record<string, Use>

/** Of publish: the longer it waits, the more changes of a journey it tells of at once. */
export interface PublishUse {
  windowSeconds: number
  requests: number
  read: { identity: number; identityIndex: number; touchpoints: number; journeys: number }
  /** Of the rows that go to Firehose. */
  rowBytes: number
  /** Of these, nulls with the names of their columns. */
  nullBytes: number
}

/** `npm run bench -- bill`, by how long a batch really waits. */
export const publishing: readonly PublishUse[] = [
  {
    windowSeconds: 1,
    requests: 1.4425,
    read: { identity: 0.052, identityIndex: 0.032, touchpoints: 0.932, journeys: 0.2 },
    rowBytes: 2555,
    nullBytes: 705,
  },
  {
    windowSeconds: 10,
    requests: 1.387,
    read: { identity: 0.052, identityIndex: 0.032, touchpoints: 0.911, journeys: 0.198 },
    rowBytes: 2517,
    nullBytes: 699,
  },
  {
    windowSeconds: 30,
    requests: 1.269,
    read: { identity: 0.049, identityIndex: 0.032, touchpoints: 0.853, journeys: 0.185 },
    rowBytes: 2419,
    nullBytes: 684,
  },
  {
    windowSeconds: 120,
    requests: 0.892,
    read: { identity: 0.039, identityIndex: 0.032, touchpoints: 0.614, journeys: 0.15 },
    rowBytes: 1997,
    nullBytes: 615,
  },
  {
    windowSeconds: 300,
    requests: 0.63,
    read: { identity: 0.029, identityIndex: 0.032, touchpoints: 0.418, journeys: 0.122 },
    rowBytes: 1665,
    nullBytes: 559,
  },
]

/** `npm run bench -- bill`: records of the tables' streams that publish is called with, and their size as JSON. */
export const streamRecords = {
  touchpoints: { perEvent: 1, bytes: 977 },
  identity: { perEvent: 0.064, bytes: 977 },
  journeys: { perEvent: 1.101, bytes: 2170 },
} as const

/** `npm run bench -- bill`: what is stored for an event, keys and index included. */
export const storedBytes: Record<TableName, number> = {
  identity: 23.5,
  touchpoints: 359.9,
  journeys: 94.9,
  insights: 0,
}

/** `npm run bench -- lake-trino`: a touchpoint, journeys as they stay after the nightly upkeep, identity. */
export const lakeBytes = 220

/** `npm run bench -- lake`: files of Firehose for what comes in one buffer, and three of Iceberg for each of three tables. */
export const filesOfFlush = 26 + 9

/**
 * CPU for an event in microseconds, on one x64 core of a server: `npm run bench -- cpu` with the SDK over HTTP, split by
 * requests, and `npm run bench -- lake`, where a read of DynamoDB adds 300. Arm cores of Lambda are taken to be as fast.
 */
export const cpuMicros = { process: 330, journey: 460, publish: 510, notify: 20, timers: 10 } as const
export const sdkMicros = 300

/** `npm run bench -- bill`: the line with the metrics of a batch. */
export const metricLineBytes = 250

/** The line of a batch, and of each event in it; `process`, `journey` and `publish` name all, `notify` those that tell. */
export const batchLineBytes = 215
export const correlationIdBytes = 11

/** `npm run bench -- bill`: checkpoints that tell something, and persons that change. */
export const toldPerEvent = 0.047
export const changedPerEvent = 0.019
