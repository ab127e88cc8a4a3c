/**
 * List prices of us-east-1 in dollars, as of November 2026, from the pricing pages of the services
 * (aws.amazon.com/<service>/pricing). Without free tiers. GB are 10^9 bytes, a month has 30 days.
 *
 * Firehose into Iceberg tables is charged by the bytes that come in: the steps of 5 KB a record, which other
 * destinations have, do not apply (AWS, "Guidance for a game analytics pipeline", costs, August 2025: "billed per GB
 * ingested with no 5KB increments", 259.2 GB of records of 1 KB put directly for $19.44).
 */
export const prices = {
  kinesis: {
    /** A put of up to 25 KB is one payload unit; the first day of retention comes with the shard. */
    provisioned: { shardHour: 0.015, millionPutUnits: 0.014, extendedShardHour: 0.02 },
    /** Bytes of a record in steps of 1 KB. Seven days of retention are 0.1 a GB-month beyond the first day. */
    onDemand: { streamHour: 0.04, gigabyteIn: 0.08, gigabyteOut: 0.04, extendedGigabyteMonth: 0.1 },
  },
  dynamodb: {
    onDemand: { millionWrites: 0.625, millionReads: 0.125 },
    provisioned: { writeUnitHour: 0.00065, readUnitHour: 0.00013 },
    gigabyteMonth: 0.25,
    recoveryGigabyteMonth: 0.2,
  },
  /** On arm64. Asking streams for records is free, as are reads of tables' streams by functions. */
  lambda: { millionRequests: 0.2, gbSecond: 0.0000133334 },
  firehose: { gigabyte: 0.075 },
  s3: { thousandPuts: 0.005, gigabyteMonth: 0.023 },
  athena: { terabyte: 5, leastBytes: 10e6 },
  stepFunctions: { thousandTransitions: 0.025 },
  logs: { gigabyteIn: 0.5, gigabyteMonth: 0.03 },
  cloudWatch: { metricMonth: 0.3, dashboardMonth: 3, alarmMonth: 0.1 },
  xray: { millionTraces: 5 },
  kms: { keyMonth: 1, tenThousandRequests: 0.03 },
  secretsManager: { secretMonth: 0.4 },
  eventBridge: { millionEvents: 1 },
  /** A request of an HTTP API is metered in steps of 512 KB. */
  httpApi: { millionRequests: 1 },
  cognito: { machineClientMonth: 6, thousandTokens: 2.25 },
} as const

export const athenaPrice = (bytes: number): number =>
  (Math.max(bytes, prices.athena.leastBytes) * prices.athena.terabyte) / 1e12
