import type { TransactWriteItem } from '@aws-sdk/client-dynamodb'
import type { Plan } from '../identity/plan.ts'
import type { Undoing } from '../identity/undo.ts'
import { type Item, keyAttributes, text } from './dynamodb.ts'
import type { Cause, OperatorCause, StoredIdentifier } from './identity.ts'
import { identifierItem, mergeItem, nodeItem } from './keys.ts'
import { markItems, ownerItem } from './mark-items.ts'
import { hopItem, mustBeAt, mustBeNew, personItem, personItems } from './person-items.ts'

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
      f: text('time' in cause ? cause.time : now.toISOString()),
      ...(kept?.anchorValue != null && { a: text(kept.anchorValue) }),
    }
    items.push({ Put: { TableName, Item, ...mustBeNew } })
    for (const key of identifier.formerKeys ?? []) {
      items.push({ ConditionCheck: { TableName, Key: keyAttributes(identifierItem(key)), ...mustBeNew } })
    }
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
    const marking = { identifierKey: identifier.key, neutralNodeId, isNew, shared: true }
    items.push(...markItems(TableName, marking, cause, now))
  }
  items.push(...plan.marked.map((owner) => ownerItem(TableName, owner)))
  return items
}

/** The transaction that takes a connection away: both persons at their roots, and a hop for all that move. */
export function undoItems(
  TableName: string,
  { connection, before, after }: Undoing,
  cause: OperatorCause,
): TransactWriteItem[] {
  const [kept, freed] = after
  const moved = Object.keys(freed.nodes).filter((nodeId) => nodeId !== freed.personId)
  return [
    { Put: { TableName, Item: personItem(kept), ...mustBeAt(before.version) } },
    { Put: { TableName, Item: personItem(freed) } },
    ...moved.map((nodeId) => ({ Put: { TableName, Item: hopItem(nodeId, freed) } })),
    {
      Update: {
        TableName,
        Key: keyAttributes(mergeItem(connection.nodes[0], connection.mergeId)),
        UpdateExpression: 'SET u = :cause',
        ConditionExpression: 'attribute_exists(pk)',
        ExpressionAttributeValues: { ':cause': text(JSON.stringify(cause)) },
      },
    },
  ]
}

/** What a plan was made from, beside what it changes, is still as it was read. */
export function checkItems(TableName: string, { seen, devices, shares }: Plan): TransactWriteItem[] {
  const marked = new Set(shares.map(({ identifier }) => identifier.key))
  const persons = seen.map(({ personId, version }) => ({
    ConditionCheck: { TableName, Key: keyAttributes(nodeItem(personId)), ...mustBeAt(version) },
  }))
  const others = devices.filter(({ identifier }) => !marked.has(identifier.key))
  return [
    ...persons,
    ...others.map(({ identifier, shared }) => ({
      ConditionCheck: {
        TableName,
        Key: keyAttributes(identifierItem(identifier.key)),
        ConditionExpression: shared ? 'sh = :shared' : 'attribute_not_exists(sh) OR sh = :shared',
        ExpressionAttributeValues: { ':shared': { BOOL: shared } },
      },
    })),
  ]
}
