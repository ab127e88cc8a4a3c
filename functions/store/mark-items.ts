import type { TransactWriteItem } from '@aws-sdk/client-dynamodb'
import { newPerson, type Person, withMark } from '../identity/person.ts'
import { type Item, keyAttributes, number, text } from './dynamodb.ts'
import type { Cause } from './identity.ts'
import { identifierItem, nodeItem } from './keys.ts'
import { mustBeNew, personItem } from './person-items.ts'

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
export function ownerItem(TableName: string, owner: Person): TransactWriteItem {
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

export function markItems(
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

function neutralItem(nodeId: string, identifierKey: string): Item {
  const version = { version: 1, topology: 1 }
  // The neutral person's item names the device, which stays bound to another node.
  return { ...personItem({ ...newPerson(nodeId, 'shared_device'), ...version }), i: text(identifierKey) }
}
