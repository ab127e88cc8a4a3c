import { paginateQuery } from '@aws-sdk/client-dynamodb'
import { z } from 'zod'
import type { Connection, Person } from '../identity/person.ts'
import { batchGet, type Item, queryRange, type Table, text, textOf } from './dynamodb.ts'
import type { Cause } from './identity.ts'
import { identifierItem, lastCharacter, mergeItem, nodeItem, refusalPrefix } from './keys.ts'

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
}

export type MergeRecord = Connection & { at: string; rule: string; cause: unknown }
export type RefusalRecord = {
  key: string
  type: string
  masked: string
  reason: string
  at: string
  cause: unknown
}

export type IdentityAudit = ReturnType<typeof createIdentityAudit>

/** What the identity table tells about a person beyond what resolving needs. */
export function createIdentityAudit(table: Table) {
  return {
    /** By type, then by key. A shared device is listed with the person of its node and with its neutral person. */
    identifiers: async (person: Person): Promise<KeptIdentifier[]> => {
      const nodes = Object.keys(person.nodes)
      const items =
        person.kind === 'shared_device'
          ? await sharedDevices(table, nodes)
          : (await Promise.all(nodes.map((nodeId) => identifiersOfNode(table, nodeId)))).flat()
      return items.map(parseIdentifier).sort((a, b) => (a.key < b.key ? -1 : 1))
    },
    /** Those in force and those undone, oldest first. */
    merges: async (person: Person): Promise<MergeRecord[]> => {
      const connections = new Map(person.connections.map((connection) => [connection.mergeId, connection]))
      const keys = person.connections.map(({ nodes: [home], mergeId }) => mergeItem(home, mergeId))
      const items = await batchGet(table, keys, false)
      const records = items.flatMap((item) => {
        const connection = connections.get(textOf(item, 'sk').slice('M#'.length))
        return connection
          ? [{ ...connection, at: textOf(item, 'at'), rule: textOf(item, 'rule'), cause: parseCause(item) }]
          : []
      })
      return records.sort((a, b) => (a.mergeId < b.mergeId ? -1 : 1))
    },
    /** Once per identifier and reason, oldest first. */
    refusals: async (person: Person): Promise<RefusalRecord[]> => {
      const items = await Promise.all(
        Object.keys(person.nodes).map((nodeId) => refusalsOfNode(table, nodeId)),
      )
      const oldestLast = items
        .flat()
        .map(parseRefusal)
        .sort((a, b) => (a.at < b.at ? 1 : -1))
      const once = new Map(oldestLast.map((refusal) => [`${refusal.key} ${refusal.reason}`, refusal]))
      return [...once.values()].sort((a, b) => (a.at < b.at ? -1 : 1))
    },
  }
}

async function sharedDevices(table: Table, nodeIds: readonly string[]): Promise<Item[]> {
  const nodes = await batchGet(table, nodeIds.map(nodeItem), false)
  const keys = nodes.flatMap((node) => (node.i?.S ? [identifierItem(node.i.S)] : []))
  return batchGet(table, keys, false)
}

async function identifiersOfNode(table: Table, nodeId: string): Promise<Item[]> {
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

async function refusalsOfNode(table: Table, nodeId: string): Promise<Item[]> {
  const { pk } = nodeItem(nodeId)
  return Array.fromAsync(
    queryRange(table, { pk, from: refusalPrefix, to: `${refusalPrefix}${lastCharacter}` }),
  )
}

function parseIdentifier(item: Item): KeptIdentifier {
  const key = textOf(item, 'pk').slice('I#'.length)
  return {
    key,
    type: key.slice(0, key.indexOf('#')),
    masked: textOf(item, 'm'),
    anchorValue: item.a?.S ?? null,
    nodeId: textOf(item, 'n'),
    shared: item.sh?.BOOL ?? false,
    firstSeenAt: textOf(item, 'f'),
  }
}

function parseRefusal(item: Item): RefusalRecord {
  const [, reason = '', type = '', hmac = ''] = textOf(item, 'sk').split('#')
  return {
    key: `${type}#${hmac}`,
    type,
    masked: textOf(item, 'm'),
    reason,
    at: textOf(item, 'at'),
    cause: parseCause(item),
  }
}

const causeSchema: z.ZodType<Cause> = z.object({ eventId: z.string(), source: z.string(), time: z.string() })

function parseCause(item: Item): Cause {
  return causeSchema.parse(JSON.parse(textOf(item, 'cause')))
}
