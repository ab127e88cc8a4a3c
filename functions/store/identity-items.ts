import type { TransactWriteItem } from '@aws-sdk/client-dynamodb'
import { newPerson, type Person, withMark } from '../identity/person.ts'
import type { Plan, PlannedRefusal } from '../identity/plan.ts'
import type { Undoing } from '../identity/undo.ts'
import { type Item, keyAttributes, number, text } from './dynamodb.ts'
import type { Cause, OperatorCause, StoredIdentifier } from './identity.ts'
import { householdItem, identifierItem, mergeItem, nodeItem, refusalItem } from './keys.ts'
import { packedText } from './packed.ts'

function personItem(person: Person): Item {
  return {
    ...keyAttributes(nodeItem(person.personId)),
    r: text(person.personId),
    v: number(person.version),
    h: number(person.topology),
    ...(person.kind === 'shared_device' && { k: text(person.kind) }),
    ...(person.marked && { mk: { BOOL: true } }),
    // Of many nodes it is long, and costs with every identifier that is bound.
    d: packedText(
      JSON.stringify({
        nodes: person.nodes,
        connections: person.connections,
        ...(person.change && { change: person.change }),
      }),
    ),
  }
}

/** The item of a node that is not the root of its person. */
function hopItem(nodeId: string, { personId, version, topology }: Person): Item {
  return {
    ...keyAttributes(nodeItem(nodeId)),
    r: text(personId),
    v: number(version),
    h: number(topology),
  }
}

function neutralItem(nodeId: string, identifierKey: string): Item {
  const version = { version: 1, topology: 1 }
  // The neutral person's item names the device, which stays bound to another node.
  return { ...personItem({ ...newPerson(nodeId, 'shared_device'), ...version }), i: text(identifierKey) }
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

/**
 * A device to be marked as shared, or no more; the first time with a new node for its neutral person. Its owner, the
 * person of its node, has to be told in the same transaction.
 */
type Marking = { identifierKey: string; neutralNodeId: string; isNew: boolean; shared: boolean }
export type OwnedMarking = Marking & { owner: Person }

export function ownedMarkItems(
  TableName: string,
  { owner, ...marking }: OwnedMarking,
  cause: Cause,
  now: Date,
): TransactWriteItem[] {
  return [...markItems(TableName, marking, cause, now), ownerItem(TableName, owner)]
}

/** Whoever has planned with the person as it was, and with the device as it was, has to do it again. */
function ownerItem(TableName: string, owner: Person): TransactWriteItem {
  const { version } = withMark(owner)
  return {
    Update: {
      TableName,
      Key: keyAttributes(nodeItem(owner.personId)),
      UpdateExpression: 'SET v = :next, mk = :yes',
      ConditionExpression: 'v = :version',
      ExpressionAttributeValues: {
        ':next': number(version),
        ':yes': { BOOL: true },
        ':version': number(owner.version),
      },
    },
  }
}

function markItems(
  TableName: string,
  { identifierKey, neutralNodeId, isNew, shared }: Marking,
  cause: Cause,
  now: Date,
): TransactWriteItem[] {
  const Update = {
    TableName,
    Key: keyAttributes(identifierItem(identifierKey)),
    UpdateExpression: 'SET s = :neutral, sh = :shared, w = :why',
    ConditionExpression: isNew
      ? 'attribute_exists(pk) AND attribute_not_exists(s)'
      : 's = :neutral AND sh <> :shared',
    ExpressionAttributeValues: {
      ':neutral': text(neutralNodeId),
      ':shared': { BOOL: shared },
      ':why': text(JSON.stringify({ at: now.toISOString(), cause })),
    },
  }
  const neutral = { Put: { TableName, Item: neutralItem(neutralNodeId, identifierKey), ...mustBeNew } }
  return isNew ? [{ Update }, neutral] : [{ Update }]
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

/** The person at its root, and a hop to it from every node that was not its own before. */
function personItems(TableName: string, person: Person, replaced: readonly Person[]): TransactWriteItem[] {
  const before = new Map(replaced.map((stored) => [stored.personId, stored]))
  const unmoved = new Set(Object.keys(before.get(person.personId)?.nodes ?? {}))
  const known = new Set(replaced.flatMap((stored) => Object.keys(stored.nodes)))
  return Object.keys(person.nodes).flatMap((nodeId) => {
    const stored = before.get(nodeId)
    const isRoot = nodeId === person.personId
    if (!isRoot && unmoved.has(nodeId)) return []
    const condition = stored ? mustBeAt(stored.version) : known.has(nodeId) ? {} : mustBeNew
    return [{ Put: { TableName, Item: isRoot ? personItem(person) : hopItem(nodeId, person), ...condition } }]
  })
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

/** What is kept of the plan's refusals, each once: for each what has to be written in one step. */
export function refusalItems(
  TableName: string,
  plan: Plan,
  identifiers: readonly StoredIdentifier[],
  cause: Cause,
  now: Date,
): TransactWriteItem[][] {
  const masks = new Map(identifiers.map(({ key, masked }) => [key, masked]))
  return plan.refusals.map((refusal): TransactWriteItem[] => {
    const { identifier, firstKey, reason, otherNodeId } = refusal
    const shown = { at: text(now.toISOString()), m: text(masks.get(identifier.key) ?? '***') }
    const row = {
      ...keyAttributes(refusalItem(plan.home, reason, firstKey)),
      ...shown,
      n: text(plan.home),
      cause: text(JSON.stringify(cause)),
    }
    if (otherNodeId === null) {
      const keys = [identifier.key, ...(identifier.formerKeys ?? [])]
      return [
        { Put: { TableName, Item: row, ...mustBeNew } },
        ...keys.map((key) => ({
          ConditionCheck: { TableName, Key: keyAttributes(identifierItem(key)), ...mustBeNew },
        })),
      ]
    }
    if (!connectsHousehold(refusal)) return [{ Put: { TableName, Item: row, ...mustBeNew } }]
    const evidence = { ...row, e: { BOOL: true } }
    const member = {
      ...keyAttributes(householdItem(firstKey, plan.home)),
      ...shown,
      n: text(otherNodeId),
      q: text(reason),
    }
    return [{ Put: { TableName, Item: evidence, ...mustBeNew } }, { Put: { TableName, Item: member } }]
  })
}

/** Rule 9: a refused card or device connects the persons of a household. */
function connectsHousehold({ identifier, reason }: PlannedRefusal): boolean {
  const isEvidence = reason === 'both_known' || reason === 'type_in_common'
  return isEvidence && (identifier.class === 'card' || identifier.class === 'device')
}
