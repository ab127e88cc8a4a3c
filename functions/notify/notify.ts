import type { DynamoDBRecord } from 'aws-lambda'
import type { EventName } from '../runtime/correlation.ts'
import { isStoreError } from '../runtime/errors.ts'
import { type PutDeps, putTold } from './put-told.ts'
import { isTooLarge, latestEvent, readTold, requestsOf, type Told } from './told.ts'

export type NotifyDeps = PutDeps & {
  bus: string
  /** Told after which event something goes out. */
  onRead: (event: EventName | null) => void
  /** Told why the bus did not take what it will be offered again. */
  onBusy: (error: unknown) => void
}

/**
 * Puts on the bus what records of the stream of `journeys` tell: in their order, a request after the one before it
 * was taken, and at least once, for what was cut off comes again whole.
 * @returns the sequence number of the record that has to come again, with all after it, or null
 */
export async function notify(records: readonly DynamoDBRecord[], deps: NotifyDeps): Promise<string | null> {
  const told = records.flatMap((record) => readOrReport(record, deps))
  for (const request of requestsOf(told)) {
    try {
      await putTold(request, deps)
    } catch (error) {
      if (!isStoreError(error)) throw error
      deps.onBusy(error)
      return request[0]?.sequenceNumber ?? null
    }
  }
  return null
}

/** What a bug of ours keeps from going out must not hold up the others. */
function readOrReport(record: DynamoDBRecord, { bus, onRead, onUntold }: NotifyDeps): Told[] {
  try {
    const told = readTold(record, bus)
    onRead(latestEvent(record))
    for (const { sequenceNumber } of told.filter(isTooLarge))
      onUntold(sequenceNumber, new RangeError('an event is too large for the bus'))
    return told.filter((one) => !isTooLarge(one))
  } catch (error) {
    onUntold(record.dynamodb?.SequenceNumber ?? '', error)
    return []
  }
}
