import type { DynamoDBRecord } from 'aws-lambda'
import { mapLimit } from '../runtime/concurrency.ts'
import { isStoreError } from '../runtime/errors.ts'
import { type PutDeps, putRows } from './put-rows.ts'
import type { Row } from './row.ts'
import { type RowDeps, rowOfRecord } from './stream-rows.ts'

export type PublishDeps = RowDeps &
  PutDeps & {
    /** Told of a record that no row can be made of: a bug of ours. */
    onUnreadable: (sequenceNumber: string, error: unknown) => void
  }

const recordsAtOnce = 50

/** Records of the streams → rows of the lake, each at least once: views take each row once. */
export async function publish(records: readonly DynamoDBRecord[], deps: PublishDeps): Promise<void> {
  const rows = await mapLimit([...records], recordsAtOnce, async (record): Promise<Row[]> => {
    try {
      const row = await rowOfRecord(record, deps)
      return row ? [row] : []
    } catch (error) {
      if (isStoreError(error)) throw error
      deps.onUnreadable(record.dynamodb?.SequenceNumber ?? '', error)
      return []
    }
  })
  await putRows(rows.flat(), deps)
}
