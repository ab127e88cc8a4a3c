import { deaggregateSync } from 'aws-kinesis-agg'

const magic = Uint8Array.of(0xf3, 0x89, 0x9a, 0xc2)

/** Whether bytes begin like a record that the Kinesis Producer Library has put together of several. */
export function isAggregated(data: Uint8Array): boolean {
  return magic.every((byte, index) => data[index] === byte)
}

/** The records inside an aggregated one, in order; null if its checksum or structure is wrong. */
export function deaggregate(data: Uint8Array): Uint8Array[] | null {
  let failed = false
  let inner: Uint8Array[] = []
  const record = {
    data: Buffer.from(data.buffer, data.byteOffset, data.byteLength).toString('base64'),
    partitionKey: '',
    sequenceNumber: '',
    approximateArrivalTimestamp: 0,
    kinesisSchemaVersion: '1.0',
  }
  // The callback comes once more after an error, without one: what it said first stays true.
  deaggregateSync(record, true, (error, userRecords) => {
    if (error) failed = true
    else inner = (userRecords ?? []).map((userRecord) => Buffer.from(userRecord.data, 'base64'))
  })
  return failed ? null : inner
}
