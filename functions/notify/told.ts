import type { DynamoDBRecord } from 'aws-lambda'
import { eventOfPosition } from '../journey/touch.ts'
import type { EventName } from '../runtime/correlation.ts'
import { toItem } from '../store/stream-image.ts'
import { cursorIn, journeyEventsIn } from '../store/told.ts'
import { type Entry, entryBytes, toEntry } from './entry.ts'

/** An entry, and the record of the stream that told it. */
export type Told = { entry: Entry; sequenceNumber: string }

/** What a record of the stream of `journeys` tells, in order. */
export function readTold({ dynamodb }: DynamoDBRecord, bus: string): Told[] {
  const { NewImage, ApproximateCreationDateTime, SequenceNumber } = dynamodb ?? {}
  if (!NewImage || ApproximateCreationDateTime === undefined || SequenceNumber === undefined)
    throw new Error('a record of the stream has no image, time or number')
  const storedAt = new Date(ApproximateCreationDateTime * 1000)
  return journeyEventsIn(toItem(NewImage)).map((event) => ({
    entry: toEntry(event, storedAt, bus),
    sequenceNumber: SequenceNumber,
  }))
}

/** The event that was folded last when this was told: of several in one batch the latest, else the one that it is about. */
export function latestEvent({ dynamodb }: DynamoDBRecord): EventName | null {
  const cursor = dynamodb?.NewImage ? cursorIn(toItem(dynamodb.NewImage)) : ''
  return cursor === '' ? null : eventOfPosition(cursor)
}

/** PutEvents takes at most 10 entries, of less than 256 KB together, which is also all that most targets take. */
const maxRequestEntries = 10
const maxRequestBytes = 256 * 1024 - 1

export const isTooLarge = ({ entry }: Told): boolean => entryBytes(entry) > maxRequestBytes

/** As few requests as keep them in order. */
export function requestsOf(told: readonly Told[]): Told[][] {
  const requests: Told[][] = []
  let bytes = 0
  for (const one of told) {
    const size = entryBytes(one.entry)
    const current = requests.at(-1)
    if (current && current.length < maxRequestEntries && bytes + size <= maxRequestBytes) {
      current.push(one)
      bytes += size
    } else {
      requests.push([one])
      bytes = size
    }
  }
  return requests
}
