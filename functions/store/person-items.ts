import type { TransactWriteItem } from '@aws-sdk/client-dynamodb'
import type { Person } from '../identity/person.ts'
import { type Item, keyAttributes, number, text } from './dynamodb.ts'
import { nodeItem } from './keys.ts'
import { packedText } from './packed.ts'

export function personItem(person: Person): Item {
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
export function hopItem(nodeId: string, { personId, version, topology }: Person): Item {
  return {
    ...keyAttributes(nodeItem(nodeId)),
    r: text(personId),
    v: number(version),
    h: number(topology),
  }
}

export const mustBeNew = { ConditionExpression: 'attribute_not_exists(pk)' }
export const mustBeAt = (version: number) => ({
  ConditionExpression: 'v = :version',
  ExpressionAttributeValues: { ':version': number(version) },
})

/** The person at its root, and a hop to it from every node that was not its own before. */
export function personItems(
  TableName: string,
  person: Person,
  replaced: readonly Person[],
): TransactWriteItem[] {
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
