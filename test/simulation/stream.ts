import type { AttributeValue } from '@aws-sdk/client-dynamodb'
import type { DynamoDBRecord, AttributeValue as RecordValue } from 'aws-lambda'
import type { Item } from './value.ts'

type Change = { keys: Item; before: Item | undefined; after: Item | undefined; atMs: number }

/** The changes of a table in the order in which they happened; the position of the first is 0. */
export type Stream = {
  readonly length: number
  append(change: Change): void
  /** The records from a position on, as Lambda receives them. */
  read(from: number, limit?: number): DynamoDBRecord[]
}

export function createStream(tableName: string): Stream {
  const changes: Change[] = []
  return {
    get length() {
      return changes.length
    },
    append(change) {
      changes.push(change)
    },
    read(from, limit = 1000) {
      return changes.slice(from, from + limit).map((change, at) => recordOf(tableName, change, from + at + 1))
    },
  }
}

function recordOf(
  tableName: string,
  { keys, before, after, atMs }: Change,
  sequence: number,
): DynamoDBRecord {
  return {
    eventID: `${tableName}-${sequence}`,
    eventName: before === undefined ? 'INSERT' : after === undefined ? 'REMOVE' : 'MODIFY',
    eventVersion: '1.1',
    eventSource: 'aws:dynamodb',
    awsRegion: 'eu-west-1',
    eventSourceARN: `arn:aws:dynamodb:eu-west-1:000000000000:table/${tableName}/stream/simulated`,
    dynamodb: {
      ApproximateCreationDateTime: Math.floor(atMs / 1000),
      Keys: imageOf(keys),
      ...(after && { NewImage: imageOf(after) }),
      ...(before && { OldImage: imageOf(before) }),
      SequenceNumber: String(sequence).padStart(21, '0'),
      StreamViewType: 'NEW_AND_OLD_IMAGES',
    },
  }
}

function imageOf(item: Item): Record<string, RecordValue> {
  return Object.fromEntries(Object.entries(item).map(([name, value]) => [name, recordValue(value)]))
}

/** Lambda's events carry bytes as base64. */
function recordValue(value: AttributeValue): RecordValue {
  if (value.S !== undefined) return { S: value.S }
  if (value.N !== undefined) return { N: value.N }
  if (value.M !== undefined) return { M: imageOf(value.M) }
  if (value.L !== undefined) return { L: value.L.map(recordValue) }
  if (value.BOOL !== undefined) return { BOOL: value.BOOL }
  if (value.SS !== undefined) return { SS: [...value.SS] }
  if (value.NS !== undefined) return { NS: [...value.NS] }
  if (value.B !== undefined) return { B: base64(value.B) }
  if (value.BS !== undefined) return { BS: value.BS.map(base64) }
  return { NULL: true }
}

function base64(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64')
}
