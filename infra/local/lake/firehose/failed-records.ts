import { randomUUID } from 'node:crypto'
import { gzipSync } from 'node:zlib'
import type { Table } from '../catalog.ts'
import type { Objects } from '../objects.ts'
import type { DeliveryStreamResource } from '../resources.ts'
import type { Undeliverable } from './record.ts'

export interface FailedRecord {
  bytes: Uint8Array
  /** Where it would have gone, as far as that was known. */
  table: Table | null
  reason: Undeliverable
}

/** Puts what cannot be delivered where the stream says, a line each as Firehose writes them. */
export function createFailedRecords({ name, properties }: DeliveryStreamResource, objects: Objects) {
  const { S3Configuration, DestinationTableConfigurationList } = properties.IcebergDestinationConfiguration
  const bucket = S3Configuration.BucketARN.replace(/^.*:/, '')
  const isPacked = S3Configuration.CompressionFormat === 'GZIP'
  const prefixOf = (table: Table | null) =>
    DestinationTableConfigurationList.find(
      ({ DestinationTableName, DestinationDatabaseName }) =>
        table?.name === DestinationTableName && table.database === DestinationDatabaseName,
    )?.S3ErrorOutputPrefix ?? S3Configuration.ErrorOutputPrefix

  return async (records: readonly FailedRecord[], arrivedAt: Date): Promise<void> => {
    const now = new Date()
    for (const [prefix, own] of Map.groupBy(records, ({ table }) => prefixOf(table))) {
      const lines = own.map((record) => lineOf(record, arrivedAt, now)).join('')
      const file = `${name}-1-${now.toISOString().slice(0, 19).replaceAll(/[T:]/g, '-')}-${randomUUID()}`
      const key = `${evaluated(prefix, now)}${file}${isPacked ? '.gz' : ''}`
      await objects.put({ bucket, key }, isPacked ? gzipSync(lines) : lines)
    }
  }
}

function lineOf({ bytes, reason }: FailedRecord, arrivedAt: Date, now: Date): string {
  const line = {
    attemptsMade: 1,
    arrivalTimestamp: arrivedAt.getTime(),
    errorCode: reason.code,
    errorMessage: reason.message,
    attemptEndingTimestamp: now.getTime(),
    rawData: Buffer.from(bytes).toString('base64'),
  }
  return `${JSON.stringify(line)}\n`
}

/** A prefix that says nothing of time gets the hour, as everywhere in Firehose. */
function evaluated(prefix: string, now: Date): string {
  const [yyyy = '', MM = '', dd = '', HH = ''] = now.toISOString().split(/[-T:]/)
  const timed = prefix.includes('!{timestamp:') ? prefix : `${prefix}!{timestamp:yyyy/MM/dd/HH}/`
  return timed.replaceAll(/!\{(timestamp|firehose):([^}]*)\}/g, (whole, namespace: string, value: string) => {
    if (namespace === 'timestamp')
      return value
        .replace('yyyy', yyyy)
        .replace('MM', MM)
        .replace('dd', dd)
        .replace('HH', HH)
        .replaceAll("'", '')
    if (value === 'error-output-type') return 'iceberg-failed'
    return value === 'random-string' ? randomUUID().slice(0, 11) : whole
  })
}
