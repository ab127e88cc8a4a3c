import type { DynamoDBRecord } from 'aws-lambda'
import { mapLimit } from '../runtime/concurrency.ts'
import { isStoreError } from '../runtime/errors.ts'
import { journeyChanges } from './journey-changes.ts'
import { createJourneyTeller, type JourneyRowDeps } from './journey-rows.ts'
import { type PutDeps, putRows } from './put-rows.ts'
import type { Row } from './row.ts'
import { type RowDeps, rowsOfRecord } from './stream-rows.ts'

export type PublishDeps = RowDeps &
  JourneyRowDeps &
  PutDeps & {
    /**
     * Told of what no row can be made of: a bug of ours.
     * @param what the sequence number of a record, or the id of a person
     */
    onUnreadable: (what: string, error: unknown) => void
  }

const atOnce = 50

/** Records of the streams → rows of the lake, each at least once: views take each row once. */
export async function publish(records: readonly DynamoDBRecord[], deps: PublishDeps): Promise<void> {
  const ofRecords = await mapLimit([...records], atOnce, (record) =>
    unlessBroken(() => rowsOfRecord(record, deps), record.dynamodb?.SequenceNumber ?? '', deps),
  )
  const changes = journeyChanges(records)
  const tell = await createJourneyTeller(changes, deps)
  const ofJourneys = await mapLimit([...changes], atOnce, ([personId, changed]) =>
    unlessBroken(() => tell(personId, changed), personId, deps),
  )
  await putRows([...ofRecords.flat(), ...ofJourneys.flat()], deps)
}

/** A record that cannot be told must not hold up those behind it; one whose store is busy comes again. */
async function unlessBroken(tell: () => Promise<Row[]>, what: string, { onUnreadable }: PublishDeps) {
  try {
    return await tell()
  } catch (error) {
    if (isStoreError(error)) throw error
    onUnreadable(what, error)
    return []
  }
}
