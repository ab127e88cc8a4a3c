import { functionLines, watchLines } from './functions-bill.ts'
import { eventsOf, hoursOfMonth, type Line, secondsOfMonth } from './line.ts'
import {
  type Demand,
  publishingIn,
  readsAnyway,
  tableNames,
  unitsPerEvent,
  utilization,
  waitOf,
} from './load.ts'
import { filesOfFlush } from './measured.ts'
import { prices } from './prices.ts'

/** Events up to 1 KB, as the bars of the design have them. */
const eventKilobytes = 1

/** What a month costs that comes and goes with the events. */
export function billOf(demand: Demand): Line[] {
  return [
    ...kinesisLines(demand),
    ...tableLines(demand),
    ...functionLines(demand),
    ...lakeLines(demand),
    ...watchLines(demand),
  ]
}

function kinesisLines(demand: Demand): Line[] {
  const { stream } = demand.scale
  const { provisioned, onDemand } = prices.kinesis
  const million = eventsOf(demand) / 1e6
  const isExtended = demand.build.retentionDays > 1
  if (stream.mode === 'provisioned') {
    const hours = stream.shards * hoursOfMonth
    return [
      { what: 'Kinesis, shards', quantity: hours, unit: 'hours', price: provisioned.shardHour },
      {
        what: `Kinesis, kept ${demand.build.retentionDays} days`,
        quantity: isExtended ? hours : 0,
        unit: 'hours',
        price: provisioned.extendedShardHour,
      },
      {
        what: 'Kinesis, puts of up to 25 KB',
        quantity: million,
        unit: 'million',
        price: provisioned.millionPutUnits,
      },
    ]
  }
  const gigabytes = (million * eventKilobytes * 1024) / 1000
  const kept = (gigabytes / 30) * (demand.build.retentionDays - 1)
  return [
    { what: 'Kinesis, stream', quantity: hoursOfMonth, unit: 'hours', price: onDemand.streamHour },
    { what: 'Kinesis, written', quantity: gigabytes, unit: 'GB', price: onDemand.gigabyteIn },
    { what: 'Kinesis, read', quantity: gigabytes, unit: 'GB', price: onDemand.gigabyteOut },
    {
      what: `Kinesis, kept ${demand.build.retentionDays} days`,
      quantity: kept,
      unit: 'GB-months',
      price: onDemand.extendedGigabyteMonth,
    },
  ]
}

function tableLines(demand: Demand): Line[] {
  const { tables } = demand.scale
  const perEvent = unitsPerEvent(publishingIn(waitOf(demand, 'journeys')), demand.build)
  const all = tableNames.map((name) => perEvent[name])
  const reads = all.reduce((sum, units) => sum + units.read + units.indexRead, 0)
  const writes = all.reduce((sum, units) => sum + units.write + units.indexWrite, 0)
  if (tables.mode === 'on-demand') {
    const million = eventsOf(demand) / 1e6
    const { millionWrites, millionReads } = prices.dynamodb.onDemand
    return [
      { what: 'DynamoDB, writes', quantity: writes * million, unit: 'million units', price: millionWrites },
      { what: 'DynamoDB, reads', quantity: reads * million, unit: 'million units', price: millionReads },
    ]
  }
  const { writeUnitHour, readUnitHour } = prices.dynamodb.provisioned
  const hours = (units: number) => {
    const perSecond = Math.max(demand.eventsPerSecond, tables.eventsPerSecond)
    return Math.ceil((perSecond * units) / utilization) * hoursOfMonth
  }
  return [
    { what: 'DynamoDB, writes', quantity: hours(writes), unit: 'unit-hours', price: writeUnitHour },
    {
      what: 'DynamoDB, reads',
      quantity: hours(reads) + readsAnyway * hoursOfMonth,
      unit: 'unit-hours',
      price: readUnitHour,
    },
    {
      what: 'DynamoDB, alarms of auto scaling',
      quantity: scalingAlarms,
      unit: 'alarms',
      price: prices.cloudWatch.alarmMonth,
    },
  ]
}

/** Four for the reads or the writes of a table or an index (DynamoDB, auto scaling): infra/table-capacity.ts has ten. */
const scalingAlarms = 4 * 10

function lakeLines(demand: Demand): Line[] {
  const { rowBytes, nullBytes } = publishingIn(waitOf(demand, 'journeys'))
  const bytes = demand.build.nullsSent ? rowBytes : rowBytes - nullBytes
  const flushes = secondsOfMonth / demand.scale.lakeBufferSeconds
  return [
    {
      what: 'Firehose into Iceberg',
      quantity: (bytes * eventsOf(demand)) / 1e9,
      unit: 'GB',
      price: prices.firehose.gigabyte,
    },
    {
      what: 'S3, files of Firehose',
      quantity: (flushes * filesOfFlush) / 1000,
      unit: 'thousand',
      price: prices.s3.thousandPuts,
    },
  ]
}
