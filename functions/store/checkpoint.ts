import type { TransactWriteItem } from '@aws-sdk/client-dynamodb'
import type { Person } from '../identity/person.ts'
import { type FoldState, foldStateSchema } from '../journey/fold-state.ts'
import type { JourneyEvent } from '../journey/journey-event.ts'
import {
  type Item,
  insertStatement,
  isInvalid,
  keyAttributes,
  number,
  numberOf,
  type Table,
  text,
  textOf,
  transact,
} from './dynamodb.ts'
import { checkpointItem, orderKey, personPartition } from './keys.ts'
import { packedText, unpackedText } from './packed.ts'

/** Where the fold of a person's touchpoints stands. */
export type Checkpoint = {
  personId: string
  /** Rises with every write and never starts again. */
  version: number
  /** The topology of the person that it was folded for. */
  topology: number
  /** The latest version of the person that it was folded for: who has read an older one may not know all its nodes. */
  personVersion: number
  /** Whether that person had no other node than its own: then nobody has to ask for them. */
  isAlone: boolean
  /** The key of the rules that it was folded by. */
  rules: string
  /** Names the items that belong to it. */
  generation: string
  /** Generations whose items are still to be deleted. */
  trash: readonly string[]
  /** Until when no other timer need be set for the person; minutes since 1970, 0 for none. */
  timerMinute: number
  /** The silence that was told of last; empty for none. */
  toldSilence: string
  /** Null: the person is part of another one, or it has to be folded from the start. */
  state: FoldState | null
}

export const nothingTold: Pick<Checkpoint, 'timerMinute' | 'toldSilence'> = {
  timerMinute: 0,
  toldSilence: '',
}

/**
 * A stored item beside the checkpoint: `data` of an ended journey, order or refund, `base` of a journey; the number of
 * an order that was bought, by which it can be found.
 */
export type Row = { sk: string; data?: string; base?: string; orderId?: string }
/** `put` replaces the item, `set` only the fields given. */
export type Change = { kind: 'put' | 'set'; row: Row } | { kind: 'delete'; row: Pick<Row, 'sk'> }

export type CheckpointWrite = {
  checkpoint: Checkpoint
  before: Checkpoint | null
  changes: readonly Change[]
  /** What this write makes of the journeys, to be told to others. */
  told?: readonly JourneyEvent[]
}

/** What a checkpoint that was folded for this person says of it. */
export const foldedFor = ({
  personId,
  version,
  nodes,
}: Person): Pick<Checkpoint, 'personVersion' | 'isAlone'> => ({
  personVersion: version,
  isAlone: Object.keys(nodes).every((nodeId) => nodeId === personId),
})

/** Writes it again as it is, but for what is told beside it. */
export const untouched = (before: Checkpoint): CheckpointWrite => ({
  checkpoint: { ...before, version: before.version + 1 },
  before,
  changes: [],
})

/** With the checkpoint, what DynamoDB writes at most in one transaction. */
export const maxChanges = 99

export function rowItem(personId: string, { sk, data, base, orderId }: Row): Item {
  return {
    ...keyAttributes({ pk: personPartition(personId), sk }),
    ...(data !== undefined && { d: packedText(data) }),
    ...(base !== undefined && { b: packedText(base) }),
    ...(orderId !== undefined && { o: text(orderKey(orderId)) }),
  }
}

/** As many writes together as fit into one transaction: fewer requests, the same units. */
export function groupsOf(writes: readonly CheckpointWrite[]): CheckpointWrite[][] {
  const groups: CheckpointWrite[][] = []
  let room = 0
  for (const write of writes) {
    const group = groups.at(-1)
    const items = 1 + write.changes.length
    if (group && items <= room) {
      group.push(write)
      room -= items
    } else {
      groups.push([write])
      room = maxChanges + 1 - items
    }
  }
  return groups
}

/** Why a write was not done: somebody else's was first, or it never can be, as when it is too large for an item. */
export type Failure = 'conflict' | 'invalid'

/** By person, the writes that were not done. If one stands in the way of the others, each is tried by itself. */
export async function transactGroup(
  table: Table,
  group: readonly CheckpointWrite[],
): Promise<Map<string, Failure>> {
  const items = group.flatMap((write) => commitItems(table.name, write))
  const outcome = await transact(table, items).catch((error: unknown) => {
    if (isInvalid(error)) return 'invalid' as const
    throw error
  })
  if (outcome === 'done') return new Map()
  const [only] = group
  if (group.length === 1 && only) return new Map([[only.checkpoint.personId, outcome]])
  const failures = await Promise.all(group.map((write) => transactGroup(table, [write])))
  return new Map(failures.flatMap((some) => [...some]))
}

function checkpointFields({ checkpoint, told = [] }: CheckpointWrite): Item {
  const { version, topology, personVersion, isAlone, rules, generation, trash } = checkpoint
  const { timerMinute, toldSilence, state } = checkpoint
  const isEmpty = state === null && told.length === 0
  return {
    v: number(version),
    h: number(topology),
    n: number(personVersion),
    // The version for which it is said: a writer that does not know this field leaves it behind, but not the version.
    a: number(isAlone ? personVersion : -1),
    m: text(rules),
    g: text(generation),
    t: { L: trash.map(text) },
    w: number(timerMinute),
    q: text(toldSilence),
    // Deflated together, what is told takes hardly more room than its own numbers.
    d: packedText(isEmpty ? '' : JSON.stringify({ ...state, ...(told.length > 0 && { told }) })),
    // By this the stream's filter knows whom to wake.
    e: number(told.length),
  }
}

export function checkpointStatement(table: Table, write: CheckpointWrite) {
  const { checkpoint, before } = write
  const key = checkpointItem(checkpoint.personId)
  const fields = checkpointFields(write)
  if (!before) return insertStatement(table, { ...keyAttributes(key), ...fields })
  // One SET with commas: what both Amazon's parser and Dynoxide's take.
  const set = Object.keys(fields).map((name) => `${name}=?`)
  return {
    Statement: `UPDATE "${table.name}" SET ${set.join(', ')} WHERE pk=? AND sk=? AND v=?`,
    Parameters: [...Object.values(fields), text(key.pk), text(key.sk), number(before.version)],
  }
}

function commitItems(TableName: string, write: CheckpointWrite): TransactWriteItem[] {
  const { checkpoint, before, changes } = write
  const Item = { ...keyAttributes(checkpointItem(checkpoint.personId)), ...checkpointFields(write) }
  const condition = before
    ? {
        ConditionExpression: 'v = :version',
        ExpressionAttributeValues: { ':version': number(before.version) },
      }
    : { ConditionExpression: 'attribute_not_exists(pk)' }
  return [
    { Put: { TableName, Item, ...condition } },
    ...changes.map((change) => changeItem(TableName, checkpoint.personId, change)),
  ]
}

function changeItem(TableName: string, personId: string, change: Change): TransactWriteItem {
  const Key = keyAttributes({ pk: personPartition(personId), sk: change.row.sk })
  switch (change.kind) {
    case 'delete':
      return { Delete: { TableName, Key } }
    case 'put':
      return { Put: { TableName, Item: rowItem(personId, change.row) } }
    case 'set': {
      const { pk: _, sk: __, ...fields } = rowItem(personId, change.row)
      const names = Object.keys(fields)
      const values = Object.entries(fields).map(([name, value]) => [`:${name}`, value] as const)
      return {
        Update: {
          TableName,
          Key,
          UpdateExpression: `SET ${names.map((name) => `${name} = :${name}`).join(', ')}`,
          ExpressionAttributeValues: Object.fromEntries(values),
        },
      }
    }
  }
}

export function parseCheckpoint(item: Item): Checkpoint {
  const detail = unpackedText(item.d)
  return {
    personId: textOf(item, 'pk').slice(2),
    version: numberOf(item, 'v'),
    topology: numberOf(item, 'h'),
    personVersion: item.n ? numberOf(item, 'n') : 0,
    isAlone: item.a?.N !== undefined && item.a.N === item.n?.N,
    rules: item.m?.S ?? '',
    generation: textOf(item, 'g'),
    trash: item.t?.L?.flatMap(({ S }) => S ?? []) ?? [],
    timerMinute: item.w ? numberOf(item, 'w') : 0,
    toldSilence: item.q?.S ?? '',
    // A state of another shape than today's is as good as none: it is folded anew.
    state: detail === '' ? null : (foldStateSchema.safeParse(JSON.parse(detail)).data ?? null),
  }
}
