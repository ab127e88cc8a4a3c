import type { DynamoDBRecord } from 'aws-lambda'
import type { Model } from '../journey/model.ts'
import { type Item, numberOf, textOf } from '../store/dynamodb.ts'
import { parseEntry } from '../store/quarantine-index.ts'
import { toItem } from '../store/stream-image.ts'
import { parseTouchpoint } from '../store/touchpoints.ts'
import { microseconds, type Row } from './row.ts'
import { touchpointRow } from './touchpoint-row.ts'

/** The readable anchors of a node, by type. */
type Anchors = ReadonlyMap<string, string>

export type RowDeps = {
  model: Model
  /** The readable values of anchors that are bound to a node. */
  anchorsOf: (nodeId: string) => Promise<Anchors>
}

/**
 * The row that a record of the streams of `identity` and `touchpoints` is in the lake; null: none. What the store drops
 * by itself when it has expired stays in the lake.
 */
export async function rowOfRecord({ dynamodb }: DynamoDBRecord, deps: RowDeps): Promise<Row | null> {
  const { NewImage, ApproximateCreationDateTime } = dynamodb ?? {}
  if (!NewImage || ApproximateCreationDateTime === undefined) return null
  const item = toItem(NewImage)
  const storedAt = new Date(ApproximateCreationDateTime * 1000)
  const [pk, sk] = [textOf(item, 'pk'), textOf(item, 'sk')]
  if (pk.startsWith('Q#')) return quarantineRow(item)
  if (sk.startsWith('T#')) {
    const nodeId = pk.startsWith('N#') ? pk.slice('N#'.length) : null
    return touchpointRow(parseTouchpoint(item), { nodeId, receivedAt: storedAt, model: deps.model })
  }
  return sk === 'N' ? nodeRow(item, storedAt, deps) : null
}

function quarantineRow(item: Item): Row {
  const { id, reason, detail, eventId, source, receivedAt, origin } = parseEntry(item)
  return {
    id,
    reason,
    detail,
    event_id: eventId,
    source,
    received_at: microseconds(receivedAt),
    shard_id: origin.shardId,
    sequence_number: origin.sequenceNumber,
  }
}

async function nodeRow(item: Item, changedAt: Date, { anchorsOf }: RowDeps): Promise<Row> {
  const nodeId = textOf(item, 'pk').slice('N#'.length)
  const anchors = await anchorsOf(nodeId)
  return {
    node_id: nodeId,
    person_id: textOf(item, 'r'),
    kind: item.k?.S ?? 'person',
    customer_id: anchors.get('customer_id') ?? null,
    loyalty_id: anchors.get('loyalty_id') ?? null,
    household_id: null,
    version: numberOf(item, 'v'),
    changed_at: microseconds(changedAt),
  }
}
