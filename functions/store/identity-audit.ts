import { paginateQuery } from '@aws-sdk/client-dynamodb'
import * as z from 'zod'
import type { Connection, Person } from '../identity/person.ts'
import { string, stringOrNull } from '../runtime/fields.ts'
import { batchGet, type Item, queryRange, type Table, text, textOf } from './dynamodb.ts'
import type { Cause, OperatorCause } from './identity.ts'
import { householdItem, identifierItem, lastCharacter, mergeItem, nodeItem, typeOfKey } from './keys.ts'

/** An identifier as it is kept: under its key, with a masked form. */
export type KeptIdentifier = {
  key: string
  type: string
  masked: string
  /** The value of an anchor, if those are kept readable. */
  anchorValue: string | null
  nodeId: string
  shared: boolean
  /** Time of the event that brought it. */
  firstSeenAt: string
  /** When and why a device was marked as shared, or the mark lifted, last. */
  mark: { at: string; cause: Cause } | null
}

export type MergeRecord = Connection & {
  at: string
  rule: string
  cause: Cause
  undoneBy: OperatorCause | null
}
export type RefusalRecord = {
  key: string
  type: string
  masked: string
  reason: string
  at: string
  cause: Cause
}

/** What is recorded at the nodes of a person. */
export type NodeRecords = {
  /** By type, then by key. A shared device is listed with the person of its node and with its neutral person. */
  identifiers: KeptIdentifier[]
  /** Once per identifier and reason, oldest first. */
  refusals: RefusalRecord[]
  /** Identifiers whose refusal connects the person with others, by the key that they were first bound under. */
  evidence: string[]
}

/** A node that a refused identifier connects with the identifier's own. */
export type HouseholdMember = { nodeId: string; ownerNodeId: string; masked: string; reason: string }

export type IdentityAudit = ReturnType<typeof createIdentityAudit>

/** What was read of a node before it was known whose it is. */
export type NodeItems = { nodeId: string; items: readonly Item[] }

/** The values of anchors that are kept readable, among what was read of one node: by their type. */
export function anchorsIn({ items }: NodeItems): Map<string, string> {
  const identifiers = items.filter((item) => item.sk?.S === 'I').map(parseIdentifier)
  return new Map(
    identifiers.flatMap(({ type, anchorValue }) => (anchorValue === null ? [] : [[type, anchorValue]])),
  )
}

/** Identifiers whose refusal connects a node with others, among what was read of it: by their key, sorted. */
export function evidenceIn(items: readonly Item[]): string[] {
  const keys = items.flatMap((item) => {
    const sk = textOf(item, 'sk')
    return sk.startsWith('R#') ? evidenceOf(item) : sk.startsWith('H#') ? [identifierOf(item)] : []
  })
  return [...new Set(keys)].sort()
}

/** What the identity table tells about a person beyond what resolving needs. */
export function createIdentityAudit(table: Table) {
  return {
    /** To be handed to `records`, once it is known who the person of the node is. */
    ofNode: async (nodeId: string): Promise<NodeItems> => ({
      nodeId,
      items: await itemsOfNode(table, nodeId),
    }),
    /**
     * As of up to a second ago.
     * @param read nothing more is asked for of these nodes
     */
    records: async (person: Person, read: readonly NodeItems[] = []): Promise<NodeRecords> => {
      const nodes = Object.keys(person.nodes)
      const known = new Map(read.map(({ nodeId, items }) => [nodeId, items]))
      const itemsOf = (nodeId: string) => known.get(nodeId) ?? itemsOfNode(table, nodeId)
      const items = (await Promise.all(nodes.map(itemsOf))).flat()
      const ofKind = (isKind: (sk: string) => boolean) => items.filter((item) => isKind(textOf(item, 'sk')))
      const devices = person.kind === 'shared_device' ? await sharedDevices(table, nodes) : []
      const bound = ofKind((sk) => sk === 'I')
      const refusals = ofKind((sk) => sk.startsWith('R#'))
      return {
        identifiers: [...bound, ...devices].map(parseIdentifier).sort((a, b) => (a.key < b.key ? -1 : 1)),
        refusals: onceEach(refusals.map(parseRefusal)),
        evidence: evidenceIn(items),
      }
    },
    /** Those in force and those undone, oldest first. */
    merges: (person: Person): Promise<MergeRecord[]> => readMerges(table, person.connections),
    /** A page of those whom an identifier connects, in the order of their nodes. */
    members: async (evidence: string, after: string, limit: number): Promise<HouseholdMember[]> => {
      const { pk, sk } = householdItem(evidence, after)
      const to = householdItem(evidence, lastCharacter).sk
      // The one where the last page ended is read again.
      const items = await Array.fromAsync(queryRange(table, { pk, from: sk, to, limit: limit + 1 }))
      return items.map(parseMember).filter(({ nodeId }) => nodeId !== after)
    },
  }
}

async function readMerges(table: Table, wanted: readonly Connection[]): Promise<MergeRecord[]> {
  const connections = new Map(wanted.map((connection) => [connection.mergeId, connection]))
  const keys = wanted.map(({ nodes: [home], mergeId }) => mergeItem(home, mergeId))
  const items = await batchGet(table, keys, false)
  const records = items.flatMap((item) => {
    const connection = connections.get(textOf(item, 'sk').slice('M#'.length))
    if (!connection) return []
    const undoneBy = item.u ? operatorCause.parse(JSON.parse(textOf(item, 'u'))) : null
    return [
      {
        ...connection,
        at: textOf(item, 'at'),
        rule: textOf(item, 'rule'),
        cause: parseCause(item),
        undoneBy,
      },
    ]
  })
  return records.sort((a, b) => (a.mergeId < b.mergeId ? -1 : 1))
}

async function sharedDevices(table: Table, nodeIds: readonly string[]): Promise<Item[]> {
  const nodes = await batchGet(table, nodeIds.map(nodeItem), false)
  const keys = nodes.flatMap((node) => (node.i?.S ? [identifierItem(node.i.S)] : []))
  return batchGet(table, keys, false)
}

/** Identifiers bound to a node, refusals of its events, and whom refusals of its identifiers connect it with. */
async function itemsOfNode(table: Table, nodeId: string): Promise<Item[]> {
  const query = {
    TableName: table.name,
    IndexName: 'byNode',
    KeyConditionExpression: 'n = :node',
    ExpressionAttributeValues: { ':node': text(nodeId) },
  }
  const items: Item[] = []
  for await (const page of paginateQuery({ client: table.client }, query)) items.push(...(page.Items ?? []))
  return items
}

function onceEach(refusals: readonly RefusalRecord[]): RefusalRecord[] {
  const oldestLast = refusals.toSorted((a, b) => (a.at < b.at ? 1 : -1))
  const once = new Map(oldestLast.map((refusal) => [`${refusal.key} ${refusal.reason}`, refusal]))
  return [...once.values()].sort((a, b) => (a.at < b.at ? -1 : 1))
}

const identifierOf = (item: Item): string => textOf(item, 'pk').slice('I#'.length)

const markSchema = z.object({ at: string, cause: z.lazy(() => causeSchema) })

function parseIdentifier(item: Item): KeptIdentifier {
  const key = identifierOf(item)
  return {
    key,
    type: typeOfKey(key),
    masked: textOf(item, 'm'),
    anchorValue: item.a?.S ?? null,
    nodeId: textOf(item, 'n'),
    shared: item.sh?.BOOL ?? false,
    firstSeenAt: textOf(item, 'f'),
    mark: item.w ? markSchema.parse(JSON.parse(textOf(item, 'w'))) : null,
  }
}

function parseRefusal(item: Item): RefusalRecord {
  const [, reason = '', ...rest] = textOf(item, 'sk').split('#')
  const key = rest.join('#')
  return {
    key,
    type: typeOfKey(key),
    masked: textOf(item, 'm'),
    reason,
    at: textOf(item, 'at'),
    cause: parseCause(item),
  }
}

const evidenceOf = (refusal: Item): string[] => (refusal.e?.BOOL ? [parseRefusal(refusal).key] : [])

function parseMember(item: Item): HouseholdMember {
  return {
    nodeId: textOf(item, 'sk').slice('H#'.length),
    ownerNodeId: textOf(item, 'n'),
    masked: textOf(item, 'm'),
    reason: textOf(item, 'q'),
  }
}

const operatorCause = z.object({ operator: string, reason: stringOrNull })
const causeSchema: z.ZodType<Cause> = z.union([
  z.object({ eventId: string, source: string, time: string }),
  operatorCause,
])

function parseCause(item: Item): Cause {
  return causeSchema.parse(JSON.parse(textOf(item, 'cause')))
}
