import type {
  ConditionCheck,
  Delete,
  DeleteItemInput,
  Put,
  PutItemInput,
  TransactWriteItem,
  Update,
  UpdateItemInput,
} from '@aws-sdk/client-dynamodb'
import { itemBytes, writeUnits } from './capacity.ts'
import { type Bindings, bind, holds } from './evaluate.ts'
import { type Condition, parseCondition } from './expression.ts'
import { invalid } from './failure.ts'
import type { Image } from './partition.ts'
import type { Request } from './request.ts'
import type { Table } from './table.ts'
import { type Action, parseUpdate, updated } from './update.ts'
import { copyItem, type Item, identity } from './value.ts'

const maximalBytes = 400 * 1024

/** One change of one item, as single requests, transactions, batches and statements all come down to. */
export type Write = {
  table: Table
  key: Item
  condition: Condition | undefined
  bindings: Bindings
  /** The item after the change; the same object where nothing is to change. */
  change(before: Item | undefined): Item | undefined
  /** Whether a refusal shows the item that caused it. */
  showsItem: boolean
}

/** What a write comes to; nothing is changed before `commit`. */
export type Plan = { write: Write; before: Image | undefined; after: Image | undefined; isRefused: boolean }

type Conditional = {
  ConditionExpression?: string | undefined
  ExpressionAttributeNames?: Record<string, string> | undefined
  ExpressionAttributeValues?: Item | undefined
  ReturnValuesOnConditionCheckFailure?: string | undefined
}

export function putWrite({ table: find }: Request, input: Put | PutItemInput): Write {
  const table = find(input.TableName)
  const item = copyItem(input.Item ?? {})
  return { table, key: table.keyOf(item, false), ...conditionOf(input), change: () => item }
}

export function deleteWrite({ table: find }: Request, input: Delete | DeleteItemInput): Write {
  const table = find(input.TableName)
  return { table, key: keyOf(table, input.Key), ...conditionOf(input), change: () => undefined }
}

function checkWrite({ table: find }: Request, input: ConditionCheck): Write {
  const table = find(input.TableName)
  return { table, key: keyOf(table, input.Key), ...conditionOf(input), change: (before) => before }
}

export function updateWrite({ table: find }: Request, input: Update | UpdateItemInput): Write {
  const table = find(input.TableName)
  const key = keyOf(table, input.Key)
  const update = input.UpdateExpression === undefined ? undefined : parseUpdate(input.UpdateExpression)
  const condition = conditionOf(input, update?.references)
  return { table, key, ...condition, change: updateOf(key, update?.tree ?? [], condition.bindings) }
}

/** An update makes the item if there is none, of its key alone if it sets nothing. */
export function updateOf(key: Item, actions: Action[], bindings: Bindings): Write['change'] {
  const keyNames = Object.values(actions).map(({ path: [first] }) => bindings.names[first ?? ''] ?? first)
  const changed = keyNames.find((name) => typeof name === 'string' && name in key)
  if (changed !== undefined)
    throw invalid(`Cannot update attribute ${changed}. This attribute is part of the key`)
  return (before) => updated(before ?? key, actions, bindings)
}

export function transactionWrite(
  request: Request,
  { Put, Update, Delete, ConditionCheck }: TransactWriteItem,
): Write {
  if (Put) return putWrite(request, Put)
  if (Update) return updateWrite(request, Update)
  if (Delete) return deleteWrite(request, Delete)
  if (ConditionCheck) return checkWrite(request, ConditionCheck)
  throw invalid('TransactItems can only contain one of Check, Put, Update or Delete')
}

function keyOf(table: Table, key: Item | undefined): Item {
  return table.keyOf(copyItem(key ?? {}), true)
}

function conditionOf(
  input: Conditional,
  references: string[] = [],
): { condition: Condition | undefined; bindings: Bindings; showsItem: boolean } {
  const { ConditionExpression: source, ReturnValuesOnConditionCheckFailure: shown } = input
  const condition = source === undefined ? undefined : parseCondition(source)
  const bindings = bind(input, [...references, ...(condition?.references ?? [])])
  return { condition: condition?.tree, bindings, showsItem: shown === 'ALL_OLD' }
}

export function plan(write: Write): Plan {
  const { table, key, condition, bindings, change } = write
  const before = table.find(key, 0)
  if (condition && !holds(condition, before?.item ?? {}, bindings)) {
    return { write, before, after: before, isRefused: true }
  }
  const item = change(before?.item)
  if (item === before?.item) return { write, before, after: before, isRefused: false }
  if (item) table.refuseUnfit(item)
  const after = item && { item, bytes: itemBytes(item) }
  if (after && after.bytes > maximalBytes) throw invalid('Item size has exceeded the maximum allowed size')
  return { write, before, after, isRefused: false }
}

export function commit({ write, after }: Plan): void {
  write.table.put(write.key, after)
}

/** Refused writes cost what the item that is there weighs; in transactions all but the indexes costs double. */
export function charge({ meter }: Request, { write, before, after }: Plan, factor: 1 | 2 = 1): void {
  const units = writeUnits(before?.bytes ?? 0, after?.bytes ?? 0)
  const indexUnits = write.table.indexUnits(before?.item, after?.item)
  meter.charge(write.table.name, 'write', units * factor)
  if (indexUnits > 0) meter.charge(write.table.name, 'write', indexUnits, true)
}

export function isRepeated(targets: { table: Table; key: Item }[]): boolean {
  const names = targets.map(({ table, key }) => [table.name, ...Object.values(key).map(identity)].join('\0'))
  return new Set(names).size < names.length
}
