import type { QueryInput, QueryOutput } from '@aws-sdk/client-dynamodb'
import { readUnits } from './capacity.ts'
import { parseCondition } from './expression.ts'
import { invalid, notSimulated } from './failure.ts'
import { type KeyNames, type KeyRange, rangeOf } from './key-range.ts'
import { comparePositions, type Position } from './partition.ts'
import { projectionOf } from './read.ts'
import { capacity, type Request } from './request.ts'
import type { Table } from './table.ts'
import type { Item } from './value.ts'

const pageBytes = 1024 * 1024

export function query(request: Request, input: QueryInput): QueryOutput {
  const { IndexName: index, ConsistentRead: isConsistent = false, ScanIndexForward: forward = true } = input
  const { Limit: limit = Number.POSITIVE_INFINITY, ExclusiveStartKey: startKey } = input
  if (input.FilterExpression !== undefined) throw notSimulated('FilterExpression')
  if (index !== undefined && isConsistent) {
    throw invalid('Consistent reads are not supported on global secondary indexes')
  }
  const table = request.table(input.TableName)
  const condition = parseCondition(input.KeyConditionExpression ?? '')
  const project = projectionOf(input, condition.references)
  const range = rangeOf(condition.tree, keyNamesOf(table, index), {
    names: input.ExpressionAttributeNames ?? {},
    values: input.ExpressionAttributeValues ?? {},
  })
  const start = startKey && table.positionOf(index, startKey)
  const isBefore = (position: Position): boolean =>
    isOutside(range, position, forward) || isSeen(position, start, forward)
  const lag = isConsistent ? 0 : request.chance.lag()

  const page: Item[] = []
  let bytes = 0
  let hasMore = false
  for (const [position, image] of table.partition(index, range.key).scan(forward, isBefore, lag)) {
    if (isOutside(range, position, !forward)) break
    hasMore = page.length > 0 && bytes + image.bytes > pageBytes
    if (hasMore) break
    page.push(image.item)
    bytes += image.bytes
    hasMore = page.length >= limit
    if (hasMore) break
  }
  const last = hasMore ? page.at(-1) : undefined
  request.meter.charge(table.name, 'read', readUnits(bytes) * (isConsistent ? 1 : 0.5), index !== undefined)
  return {
    ...(input.Select === 'COUNT' ? {} : { Items: page.map(project) }),
    Count: page.length,
    ScannedCount: page.length,
    ...(last && { LastEvaluatedKey: lastKey(table, index, last) }),
    ...capacity(request.meter, input.ReturnConsumedCapacity),
  }
}

function keyNamesOf({ shape }: Table, index: string | undefined): KeyNames {
  if (index === undefined) return shape
  const found = shape.indexes?.[index]
  if (found) return found
  throw invalid('The table does not have the specified index')
}

function lastKey(table: Table, index: string | undefined, item: Item): Item {
  const { partitionKey, sortKey } = keyNamesOf(table, index)
  const names = [partitionKey, sortKey, ...Object.keys(table.keyOf(item, false))]
  return Object.fromEntries(Object.entries(item).filter(([name]) => names.includes(name)))
}

function isOutside(range: KeyRange, [first]: Position, forward: boolean): boolean {
  if (first === undefined) return false
  return forward ? range.isBelow(first) : range.isAbove(first)
}

function isSeen(position: Position, start: Position | undefined, forward: boolean): boolean {
  if (start === undefined) return false
  const order = comparePositions(position, start)
  return forward ? order <= 0 : order >= 0
}
