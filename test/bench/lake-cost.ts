import { prices } from '../../infra/cost/prices.ts'
import type { PublishUse } from './lake-publish.ts'
import { type Column, printTable } from './report.ts'

const million = 1e6
/** A function of 512 MB has this part of a CPU (AWS Lambda: one at 1,769 MB), and is paid while it waits. */
const memoryGB = 0.5
const cpuShare = 512 / 1769
/** Assumed: the SDK's work for a read of DynamoDB, and for how long a call of publish waits for answers. */
const sdkMicros = 300
const waitingMs = 100
/** Assumed: records of a call of publish in a stream that is busy; a quiet one has fewer in its 30 s. */
const recordsPerCall = 500

/** Of an event, as `lake-trino` measures them: touchpoint, journeys as they stay after the nightly upkeep, identity. */
const storedBytes = 220

/** Every so often Firehose writes what it has: files of rows, and three of Iceberg for each of three tables. */
const flushesPerMonth = (30 * 86_400) / 300
const metadataFiles = 9

type Line = [name: string, of: string, dollars: number]

/** What the lake adds to the bill, from what was measured and list prices. */
export function printLakeCost({ now, patient }: { now: PublishUse; patient: PublishUse }): void {
  printTable(
    'lake: what it adds to the cost of a million events',
    ['', 'of what', '$'],
    [...linesOf(now), ['in all', '', totalOf(now)]],
  )
  const puts = flushesPerMonth * (now.filesOfHundred + metadataFiles)
  printTable(
    'lake: what it costs a month however much comes, if something comes all the time',
    ['', 'of what', '$'],
    [['S3 requests of Firehose', `${Math.round(puts)} files`, (puts / 1000) * prices.s3.thousandPuts]],
  )
  printOtherwise(now, patient)
}

function linesOf(use: PublishUse): Line[] {
  const { dynamodb, lambda, firehose, s3 } = prices
  const gigabytes = (use.bytes * million) / 1e9
  const calls = (use.records * million) / recordsPerCall
  const cpuSeconds = use.cpuMicros + use.reads * sdkMicros
  const gigabyteSeconds = memoryGB * (cpuSeconds / cpuShare + (calls * waitingMs) / 1000)
  return [
    [
      'DynamoDB reads, on demand',
      `${use.readUnits.toFixed(2)} million units`,
      use.readUnits * dynamodb.onDemand.millionReads,
    ],
    ['Firehose into Iceberg', `${gigabytes.toFixed(2)} GB of rows`, gigabytes * firehose.gigabyte],
    ['Lambda, time', `${Math.round(gigabyteSeconds)} GB-s`, gigabyteSeconds * lambda.gbSecond],
    ['Lambda, requests', `${Math.round(calls)}`, (calls / million) * lambda.millionRequests],
    ['streams of the tables', 'read by Lambda', 0],
    [
      'S3 storage, a year of it',
      `${storedBytes} bytes an event`,
      (storedBytes / 1000) * 12 * s3.gigabyteMonth,
    ],
  ]
}

const totalOf = (use: PublishUse): number => linesOf(use).reduce((sum, [, , dollars]) => sum + dollars, 0)

/** What would change the bill, and what would not. */
function printOtherwise(now: PublishUse, patient: PublishUse): void {
  const { dynamodb, firehose } = prices
  const total = totalOf(now)
  const dollarsOf = (bytes: number) => (bytes / 1000) * firehose.gigabyte
  const onDemand = now.readUnits * dynamodb.onDemand.millionReads
  const provisioned = (2 * now.readUnits * million * dynamodb.provisioned.readUnitHour) / 3600
  const rows: Column[][] = [
    ['as it is', total],
    ['batches of publish wait 5 minutes instead of 30 s', totalOf(patient)],
    ['reads provisioned, half of them used', total - onDemand + provisioned],
    ['rows without their nulls', total - dollarsOf(now.nullBytes)],
    ['several rows in one record of Firehose', total],
    ['if records were rounded up to 5 KB', total + dollarsOf(now.rows * 5_000 - now.bytes)],
  ]
  printTable('lake: a million events if it were otherwise', ['', '$'], rows)
  console.log('  Firehose counts bytes, not records, where it writes into Iceberg: see prices.ts.\n')
}
