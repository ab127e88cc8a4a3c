/**
 * List prices of us-east-1 in dollars, as of November 2026, from the pricing pages of the services; GB are 10^9 bytes.
 *
 * Firehose into Iceberg tables is charged by the bytes that come in: the steps of 5 KB a record, which other
 * destinations have, do not apply (AWS, "Guidance for a game analytics pipeline", costs, August 2025: "billed per GB
 * ingested with no 5KB increments", 259.2 GB of records of 1 KB put directly for $19.44).
 */
export const prices = {
  dynamodb: {
    onDemand: { millionWrites: 0.625, millionReads: 0.125 },
    provisioned: { writeUnitHour: 0.00065, readUnitHour: 0.00013 },
  },
  lambda: { millionRequests: 0.2, gbSecond: 0.0000133334 },
  firehose: { gigabyte: 0.075 },
  s3: { thousandPuts: 0.005, gigabyteMonth: 0.023 },
  athena: { terabyte: 5, leastBytes: 10e6 },
} as const

export const athenaPrice = (bytes: number): number =>
  (Math.max(bytes, prices.athena.leastBytes) * prices.athena.terabyte) / 1e12
