import type { TransactWriteItem } from '@aws-sdk/client-dynamodb'
import type { Person } from '../identity/person.ts'
import type { Plan } from '../identity/plan.ts'
import { type Item, keyAttributes, number, text } from './dynamodb.ts'
import type { Cause, StoredIdentifier } from './identity.ts'
import { identifierItem, mergeItem, nodeItem, refusalItem } from './keys.ts'

function personItem(person: Person): Item {
  return {
    ...keyAttributes(nodeItem(person.personId)),
    r: text(person.personId),
    v: number(person.version),
    h: number(person.topology),
    ...(person.kind === 'shared_device' && { k: text(person.kind) }),
    d: text(JSON.stringify({ nodes: person.nodes, connections: person.connections })),
  }
}

const mustBeNew = { ConditionExpression: 'attribute_not_exists(pk)' }
const mustBeAt = (version: number) => ({
  ConditionExpression: 'v = :version',
  ExpressionAttributeValues: { ':version': number(version) },
})

/** The transaction that does a plan. */
export function planItems(
  TableName: string,
  plan: Plan,
  identifiers: readonly StoredIdentifier[],
  cause: Cause,
  now: Date,
): TransactWriteItem[] {
  const byKey = new Map(identifiers.map((identifier) => [identifier.key, identifier]))
  const at = text(now.toISOString())
  const items: TransactWriteItem[] = []
  for (const { identifier, nodeId } of plan.binds) {
    const kept = byKey.get(identifier.key)
    const Item: Item = {
      ...keyAttributes(identifierItem(identifier.key)),
      n: text(nodeId),
      m: text(kept?.masked ?? '***'),
      f: text(cause.time),
      ...(kept?.anchorValue != null && { a: text(kept.anchorValue) }),
    }
    items.push({ Put: { TableName, Item, ...mustBeNew } })
  }
  if (plan.person) items.push(...personItems(TableName, plan.person, plan.replaced))
  for (const { mergeId, nodes, rule } of plan.merges) {
    const Item = {
      ...keyAttributes(mergeItem(nodes[0], mergeId)),
      at,
      rule: text(rule),
      b: text(nodes[1]),
      cause: text(JSON.stringify(cause)),
    }
    items.push({ Put: { TableName, Item, ...mustBeNew } })
  }
  for (const { identifier, neutralNodeId, isNew } of plan.shares) {
    const neutral: Person = {
      personId: neutralNodeId,
      kind: 'shared_device',
      version: 1,
      topology: 1,
      nodes: { [neutralNodeId]: {} },
      connections: [],
    }
    items.push({
      Update: {
        TableName,
        Key: keyAttributes(identifierItem(identifier.key)),
        UpdateExpression: 'SET s = :neutral, sh = :yes',
        ConditionExpression: isNew ? 'attribute_not_exists(s)' : 's = :neutral',
        ExpressionAttributeValues: { ':neutral': text(neutralNodeId), ':yes': { BOOL: true } },
      },
    })
    // The neutral person's item names the device, which stays bound to another node.
    const Item = { ...personItem(neutral), i: text(identifier.key) }
    if (isNew) items.push({ Put: { TableName, Item, ...mustBeNew } })
  }
  return items
}

/** The person at its root, and a hop to it from every node that was not its own before. */
function personItems(TableName: string, person: Person, replaced: readonly Person[]): TransactWriteItem[] {
  const before = new Map(replaced.map((stored) => [stored.personId, stored]))
  const unmoved = new Set(Object.keys(before.get(person.personId)?.nodes ?? {}))
  const known = new Set(replaced.flatMap((stored) => Object.keys(stored.nodes)))
  return Object.keys(person.nodes).flatMap((nodeId) => {
    const stored = before.get(nodeId)
    const isRoot = nodeId === person.personId
    if (!isRoot && unmoved.has(nodeId)) return []
    const hop: Item = {
      ...keyAttributes(nodeItem(nodeId)),
      r: text(person.personId),
      v: number(person.version),
      h: number(person.topology),
    }
    const condition = stored ? mustBeAt(stored.version) : known.has(nodeId) ? {} : mustBeNew
    return [{ Put: { TableName, Item: isRoot ? personItem(person) : hop, ...condition } }]
  })
}

/** What is kept of the plan's refusals, each once: beside the transaction, for none of it depends on them. */
export function refusalRows(
  plan: Plan,
  identifiers: readonly StoredIdentifier[],
  cause: Cause,
  now: Date,
): Item[] {
  const masks = new Map(identifiers.map(({ key, masked }) => [key, masked]))
  return plan.refusals.map(({ identifier, reason, otherNodeId }) => ({
    ...keyAttributes(refusalItem(plan.home, reason, identifier.key)),
    at: text(now.toISOString()),
    m: text(masks.get(identifier.key) ?? '***'),
    cause: text(JSON.stringify(cause)),
    ...(otherNodeId !== null && { b: text(otherNodeId) }),
  }))
}
