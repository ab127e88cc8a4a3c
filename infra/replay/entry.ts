import { gzipSync } from 'node:zlib'
import type { Settings } from '../../functions/runtime/settings.ts'
import { createDecoder } from '../../functions/touchpoint/decode.ts'
import { createPartitionKey, partitionKeyOfBytes } from '../../functions/touchpoint/partition-key.ts'
import { ReplayFailure } from './failure.ts'

export type Entry = { data: Uint8Array; key: string }

/** Data and key together, as Kinesis counts them. */
export const maxEntryBytes = 1024 * 1024

export function entryBytes({ data, key }: Entry): number {
  return data.byteLength + key.length
}

/** Makes records of the stream; `fixedKey` puts them all into one partition, which keeps their order. */
export function createEntryMaker(
  settings: Settings,
  { now, fixedKey }: { now: () => Date; fixedKey: string | undefined },
) {
  const decode = createDecoder(settings)
  const partitionKey = createPartitionKey(settings)

  function keyOf(record: Uint8Array): string {
    const [first] = decode(record, now())
    return first?.kind === 'event' ? partitionKey(first.event) : partitionKeyOfBytes(record)
  }

  return (record: Uint8Array): Entry => {
    const entry = { data: record, key: fixedKey ?? keyOf(record) }
    if (entryBytes(entry) <= maxEntryBytes) return entry
    // Kinesis would not take it. Packed it gets to quarantine, where it can be seen.
    const packed = { data: gzipSync(record), key: entry.key }
    if (entryBytes(packed) <= maxEntryBytes) return packed
    throw new ReplayFailure(`a record of ${record.byteLength} bytes is more than Kinesis takes, even packed`)
  }
}
