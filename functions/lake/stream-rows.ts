import type { DynamoDBRecord } from 'aws-lambda'
import type { Model } from '../journey/model.ts'
import { parseCampaign } from '../store/campaigns.ts'
import { type Item, numberOf, textOf } from '../store/dynamodb.ts'
import type { IdentityStore } from '../store/identity.ts'
import { campaignItem } from '../store/keys.ts'
import { parseEntry } from '../store/quarantine-index.ts'
import { toItem } from '../store/stream-image.ts'
import { parseTouchpoint } from '../store/touchpoints.ts'
import { campaignRow } from './campaign-row.ts'
import { microseconds, type Row } from './row.ts'
import { touchpointRow } from './touchpoint-row.ts'

/** What else is known of a node: readable anchors by their type, and the household that it belongs to. */
export type NodeDetails = { anchors: ReadonlyMap<string, string>; householdId: string | null }

export type RowDeps = {
  model: Model
  detailsOf: (nodeId: string) => Promise<NodeDetails>
  identity: Pick<IdentityStore, 'persons'>
}

/**
 * The rows that a record of the streams of `identity` and `touchpoints` is in the lake. What the store drops by itself
 * when it has expired stays in the lake.
 */
export async function rowsOfRecord({ dynamodb }: DynamoDBRecord, deps: RowDeps): Promise<Row[]> {
  const { NewImage, ApproximateCreationDateTime } = dynamodb ?? {}
  if (!NewImage || ApproximateCreationDateTime === undefined) return []
  const item = toItem(NewImage)
  const storedAt = new Date(ApproximateCreationDateTime * 1000)
  const [pk, sk] = [textOf(item, 'pk'), textOf(item, 'sk')]
  if (pk.startsWith('Q#')) return [quarantineRow(item)]
  if (pk === campaignItem('').pk) return [campaignRow(parseCampaign(item), storedAt)]
  if (sk.startsWith('T#')) {
    const nodeId = pk.startsWith('N#') ? pk.slice('N#'.length) : null
    return [touchpointRow(parseTouchpoint(item), { nodeId, receivedAt: storedAt, model: deps.model })]
  }
  if (sk.startsWith('H#')) return householdRows(item, storedAt, deps)
  return sk === 'N' ? [await nodeRow(item, storedAt, deps)] : []
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

export async function nodeRow(item: Item, changedAt: Date, deps: RowDeps): Promise<Row> {
  const nodeId = textOf(item, 'pk').slice('N#'.length)
  const kind = item.k?.S ?? 'person'
  const of = { personId: textOf(item, 'r'), kind, version: numberOf(item, 'v') }
  return identityRow(nodeId, of, changedAt, deps)
}

/** A refused identifier connects two nodes: both have a household now, though neither of them has changed. */
async function householdRows(item: Item, changedAt: Date, deps: RowDeps): Promise<Row[]> {
  const nodes = [textOf(item, 'sk').slice('H#'.length), textOf(item, 'n')]
  const persons = await deps.identity.persons(nodes)
  const known = nodes.flatMap((nodeId) => {
    const person = persons.get(nodeId)
    return person ? [{ nodeId, person }] : []
  })
  return Promise.all(known.map(({ nodeId, person }) => identityRow(nodeId, person, changedAt, deps)))
}

type Whose = { personId: string; kind: string; version: number }

async function identityRow(nodeId: string, of: Whose, changedAt: Date, { detailsOf }: RowDeps): Promise<Row> {
  const { anchors, householdId } = await detailsOf(nodeId)
  return {
    node_id: nodeId,
    person_id: of.personId,
    kind: of.kind,
    customer_id: anchors.get('customer_id') ?? null,
    loyalty_id: anchors.get('loyalty_id') ?? null,
    household_id: householdId,
    version: of.version,
    changed_at: microseconds(changedAt),
  }
}
