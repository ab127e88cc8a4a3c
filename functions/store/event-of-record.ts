import type { DynamoDBRecord } from 'aws-lambda'
import type { EventName } from '../runtime/correlation.ts'
import { parseTouchpointSort } from './keys.ts'

/** The events whose touchpoints or entries of the quarantine are in these records of a table's stream. */
export const eventsOfRecords = (records: readonly DynamoDBRecord[]): EventName[] =>
  records.flatMap((record) => eventOfRecord(record) ?? [])

function eventOfRecord({ dynamodb }: DynamoDBRecord): EventName | null {
  const { pk, sk, eventId, source } = dynamodb?.NewImage ?? {}
  if (sk?.S?.startsWith('T#')) return parseTouchpointSort(sk.S)
  if (!pk?.S?.startsWith('Q#') || source?.S === undefined || eventId?.S === undefined) return null
  return { source: source.S, id: eventId.S }
}
