import { createHash } from 'node:crypto'
import { deaggregateSync } from 'aws-kinesis-agg'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { deaggregate } from '../../functions/touchpoint/kpl.ts'
import { kplRecord } from './kpl-record.ts'

const bytes = fc.uint8Array({ maxLength: 300 })
const asText = (records: readonly Uint8Array[] | null) =>
  records?.map((record) => Buffer.from(record).toString('base64')) ?? null

/** By the library of AWS, which is what Lambda functions in Node use for it. */
function byLibrary(data: Uint8Array): string[] | null {
  let failed = false
  const inner: string[] = []
  const record = { data: Buffer.from(data).toString('base64'), partitionKey: '', sequenceNumber: '' }
  const whole = { ...record, approximateArrivalTimestamp: 0, kinesisSchemaVersion: '1.0' }
  deaggregateSync(whole, true, (error, userRecords) => {
    if (error) failed = true
    else inner.push(...(userRecords ?? []).map((one) => one.data))
  })
  return failed ? null : inner
}

test('finds the records that the library of AWS finds', () => {
  fc.assert(
    fc.property(fc.array(bytes, { maxLength: 20 }), (records) => {
      const aggregated = kplRecord(records)
      expect(asText(deaggregate(aggregated))).toEqual(byLibrary(aggregated))
      expect(asText(deaggregate(aggregated))).toEqual(asText(records))
    }),
  )
})

test('a record that lost its end or a bit is refused, as the library does', () => {
  fc.assert(
    fc.property(
      fc.array(bytes, { minLength: 1, maxLength: 5 }),
      fc.nat(),
      fc.nat(7),
      (records, where, bit) => {
        const aggregated = kplRecord(records)
        const at = 4 + (where % (aggregated.length - 4))
        const cut = aggregated.subarray(0, at)
        const flipped = Uint8Array.from(aggregated, (byte, index) =>
          index === at ? byte ^ (1 << bit) : byte,
        )
        for (const damaged of [cut, flipped]) {
          expect(deaggregate(damaged)).toBeNull()
          expect(byLibrary(damaged)).toBeNull()
        }
      },
    ),
  )
})

const withChecksum = (message: Uint8Array) =>
  Buffer.concat([Buffer.from('f3899ac2', 'hex'), message, createHash('md5').update(message).digest()])

test.each([
  ['a record that ends too early', [0x1a, 0x05, 0x08, 0x00]],
  ['a length that does not end', [0x1a, 0xff]],
  ['a record without data', [0x1a, 0x02, 0x08, 0x00]],
  ['a record without a partition key', [0x1a, 0x03, 0x1a, 0x01, 0x41]],
])('under a right checksum, %s is refused', (_, message) => {
  const aggregated = withChecksum(Uint8Array.from(message))
  expect(deaggregate(aggregated)).toBeNull()
  expect(byLibrary(aggregated)).toBeNull()
})

test('explicit hash keys, tags and fields that come later are passed over', () => {
  const record = [0x08, 0x00, 0x10, 0x96, 0x01, 0x1a, 0x01, 0x41, 0x22, 0x03, 0x0a, 0x01, 0x74]
  const message = [
    0x0a,
    0x01,
    0x6b,
    0x12,
    0x01,
    0x35,
    0x1a,
    record.length,
    ...record,
    0x21,
    ...Array(8).fill(1),
  ]
  const aggregated = withChecksum(Uint8Array.from([...message, 0x2d, 1, 2, 3, 4]))
  expect(asText(deaggregate(aggregated))).toEqual(['QQ=='])
  expect(byLibrary(aggregated)).toEqual(['QQ=='])
})
