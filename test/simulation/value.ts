import type { AttributeValue } from '@aws-sdk/client-dynamodb'
import { invalid } from './failure.ts'
import { canonicalNumber, compareNumbers } from './number.ts'

export type Item = Record<string, AttributeValue>

export function copyItem(item: Item): Item {
  const copy: Item = {}
  for (const name in item) {
    const value = item[name]
    if (value !== undefined) copy[name] = copyValue(value)
  }
  return copy
}

/** A deep copy with numbers in the one form in which DynamoDB returns them. */
export function copyValue(value: AttributeValue): AttributeValue {
  if (value.S !== undefined) return { S: value.S }
  if (value.N !== undefined) return { N: canonicalNumber(value.N) }
  if (value.M !== undefined) return { M: copyItem(value.M) }
  if (value.L !== undefined) return { L: value.L.map(copyValue) }
  if (value.BOOL !== undefined) return { BOOL: value.BOOL }
  if (value.NULL !== undefined) return { NULL: value.NULL }
  if (value.B !== undefined) return { B: value.B.slice() }
  if (value.SS !== undefined) return { SS: [...value.SS] }
  if (value.NS !== undefined) return { NS: value.NS.map(canonicalNumber) }
  if (value.BS !== undefined) return { BS: value.BS.map((bytes) => bytes.slice()) }
  throw invalid('Supplied AttributeValue is empty, must contain exactly one of the supported datatypes')
}

export function typeOf(value: AttributeValue): string {
  return Object.keys(value)[0] ?? ''
}

export function equalItems(left: Item | undefined, right: Item | undefined): boolean {
  if (left === undefined || right === undefined) return left === right
  const names = Object.keys(left)
  if (names.length !== Object.keys(right).length) return false
  return names.every((name) => equalValues(left[name], right[name]))
}

export function equalValues(left: AttributeValue | undefined, right: AttributeValue | undefined): boolean {
  if (left === undefined || right === undefined) return left === right
  if (left.S !== undefined) return left.S === right.S
  if (left.N !== undefined) {
    return right.N !== undefined && (left.N === right.N || compareNumbers(left.N, right.N) === 0)
  }
  if (left.M !== undefined) return right.M !== undefined && equalItems(left.M, right.M)
  if (left.L !== undefined) return right.L !== undefined && equalLists(left.L, right.L)
  if (left.BOOL !== undefined) return left.BOOL === right.BOOL
  if (left.NULL !== undefined) return left.NULL === right.NULL
  if (left.B !== undefined) return right.B !== undefined && Buffer.compare(left.B, right.B) === 0
  if (typeOf(left) !== typeOf(right)) return false
  const members = new Set(membersOf(right).map(identity))
  const own = membersOf(left)
  return own.length === members.size && own.every((member) => members.has(identity(member)))
}

function equalLists(left: AttributeValue[], right: AttributeValue[]): boolean {
  return left.length === right.length && left.every((value, at) => equalValues(value, right[at]))
}

/** The members of a set, as values. */
export function membersOf(value: AttributeValue): AttributeValue[] {
  if (value.SS !== undefined) return value.SS.map((S) => ({ S }))
  if (value.NS !== undefined) return value.NS.map((N) => ({ N }))
  if (value.BS !== undefined) return value.BS.map((B) => ({ B }))
  return []
}

/** Text that is the same for equal scalars only. */
export function identity(value: AttributeValue): string {
  if (value.S !== undefined) return `S${value.S}`
  if (value.N !== undefined) return `N${canonicalNumber(value.N)}`
  if (value.B !== undefined) return `B${Buffer.from(value.B).toString('hex')}`
  throw invalid('One or more parameter values were invalid: Type mismatch for key')
}

/** Negative, zero or positive for two scalars of one type; undefined where DynamoDB has no order. */
export function compareValues(left: AttributeValue, right: AttributeValue): number | undefined {
  if (left.S !== undefined && right.S !== undefined) return compareText(left.S, right.S)
  if (left.N !== undefined && right.N !== undefined) return compareNumbers(left.N, right.N)
  if (left.B !== undefined && right.B !== undefined) return Buffer.compare(left.B, right.B)
  return undefined
}

/** The order of UTF-8 bytes, which differs from JavaScript's where surrogate pairs meet U+E000 and above. */
export function compareText(left: string, right: string): number {
  const length = Math.min(left.length, right.length)
  for (let at = 0; at < length; at += 1) {
    const a = left.charCodeAt(at)
    const b = right.charCodeAt(at)
    if (a !== b) return utf8Rank(a) - utf8Rank(b)
  }
  return left.length - right.length
}

function utf8Rank(unit: number): number {
  if (unit < 0xd800) return unit
  return unit < 0xe000 ? unit + 0x2000 : unit - 0x800
}
