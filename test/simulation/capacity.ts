import type { AttributeValue } from '@aws-sdk/client-dynamodb'
import { significantDigits } from './number.ts'
import { equalItems, type Item } from './value.ts'

const kilobyte = 1024

/**
 * Write units of one item: each KB of the larger of what was and what is, also when nothing changes or the condition
 * fails. https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/read-write-operations.html
 */
export function writeUnits(beforeBytes: number, afterBytes: number): number {
  return units(Math.max(beforeBytes, afterBytes), kilobyte)
}

/** Units of a strong read of so many bytes; an eventual one costs half, a transactional one twice as much. */
export function readUnits(bytes: number): number {
  return units(bytes, 4 * kilobyte)
}

/** One write where an entry appears, goes or changes, two where it moves to another key of the index. */
export function indexWriteUnits(before: Item | undefined, after: Item | undefined, isMoved: boolean): number {
  if (equalItems(before, after)) return 0
  const beforeBytes = before ? itemBytes(before) : 0
  const afterBytes = after ? itemBytes(after) : 0
  if (before && after && isMoved) return writeUnits(beforeBytes, 0) + writeUnits(0, afterBytes)
  return writeUnits(beforeBytes, afterBytes)
}

function units(bytes: number, unitBytes: number): number {
  return Math.max(1, Math.ceil(bytes / unitBytes))
}

/** https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/CapacityUnitCalculations.html */
export function itemBytes(item: Item): number {
  let bytes = 0
  for (const name in item) {
    const value = item[name]
    if (value !== undefined) bytes += Buffer.byteLength(name) + valueBytes(value)
  }
  return bytes
}

function valueBytes(value: AttributeValue): number {
  if (value.S !== undefined) return Buffer.byteLength(value.S)
  if (value.N !== undefined) return numberBytes(value.N)
  if (value.M !== undefined) return 3 + Object.keys(value.M).length + itemBytes(value.M)
  if (value.L !== undefined) return 3 + value.L.length + sum(value.L.map(valueBytes))
  if (value.B !== undefined) return value.B.length
  if (value.SS !== undefined) return sum(value.SS.map((text) => Buffer.byteLength(text)))
  if (value.NS !== undefined) return sum(value.NS.map(numberBytes))
  if (value.BS !== undefined) return sum(value.BS.map((bytes) => bytes.length))
  return 1
}

function numberBytes(text: string): number {
  return Math.ceil(significantDigits(text) / 2) + 1 + (text.startsWith('-') ? 1 : 0)
}

function sum(numbers: number[]): number {
  return numbers.reduce((total, number) => total + number, 0)
}
