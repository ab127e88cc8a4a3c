import type { AttributeValue } from '@aws-sdk/client-dynamodb'
import { indexWriteUnits, itemBytes } from './capacity.ts'
import { invalid } from './failure.ts'
import { createPartition, type Image, type Partition, type Position } from './partition.ts'
import type { Stream } from './stream.ts'
import { equalItems, equalValues, type Item, identity } from './value.ts'

/** Keys are strings, here as in all tables of this project. */
type IndexShape = {
  partitionKey: string
  sortKey?: string
  projection?: 'ALL' | 'KEYS_ONLY' | string[]
}
export type TableShape = { partitionKey: string; sortKey?: string; indexes?: Record<string, IndexShape> }

export type Table = {
  name: string
  shape: TableShape
  /** The key attributes of an item or a whole key; `strict` refuses other attributes beside them. */
  keyOf(item: Item, strict: boolean): Item
  /** Refuses an item that an index cannot take. */
  refuseUnfit(item: Item): void
  find(key: Item, lag: number): Image | undefined
  /** Stores the image, or its absence, in the table, its indexes and its stream. */
  put(key: Item, after: Image | undefined): void
  /** The units that the indexes cost when this becomes that. */
  indexUnits(before: Item | undefined, after: Item | undefined): number
  partition(index: string | undefined, key: AttributeValue): Partition
  positionOf(index: string | undefined, item: Item): Position
  items(): Item[]
}

type TableOptions = {
  name: string
  shape: TableShape
  keptChanges: number
  stream: Stream
  now: () => number
}

export function createTable({ name, shape, keptChanges, stream, now }: TableOptions): Table {
  const partitions = new Map<string, Partition>()
  const indexes = Object.entries(shape.indexes ?? {})
  const keyNames = [shape.partitionKey, ...(shape.sortKey === undefined ? [] : [shape.sortKey])]
  let changes = 0

  const partition = (index: string | undefined, key: AttributeValue): Partition => {
    const id = `${index ?? ''}\0${identity(key)}`
    const found = partitions.get(id) ?? createPartition(keptChanges)
    partitions.set(id, found)
    return found
  }
  const home = (key: Item): Partition => partition(undefined, required(key, shape.partitionKey))
  const positionOf = (index: string | undefined, item: Item): Position => {
    const indexSortKey = index === undefined ? undefined : shape.indexes?.[index]?.sortKey
    if (index === undefined) return shape.sortKey === undefined ? [] : [required(item, shape.sortKey)]
    return [...(indexSortKey === undefined ? [] : [indexSortKey]), ...keyNames].map((key) =>
      required(item, key),
    )
  }
  const putEntry = (index: string, entry: Item, isGone: boolean): void => {
    const key = required(entry, shape.indexes?.[index]?.partitionKey ?? '')
    const image = isGone ? undefined : { item: entry, bytes: itemBytes(entry) }
    partition(index, key).put(positionOf(index, entry), image, changes)
  }

  return {
    name,
    shape,
    partition,
    positionOf,
    keyOf(item, strict) {
      if (strict && Object.keys(item).length !== keyNames.length) {
        throw invalid('The provided key element does not match the schema')
      }
      return Object.fromEntries(keyNames.map((keyName) => [keyName, required(item, keyName)]))
    },
    refuseUnfit(item) {
      for (const [, { partitionKey, sortKey }] of indexes) {
        for (const keyName of [partitionKey, sortKey ?? partitionKey]) {
          if (item[keyName] !== undefined) required(item, keyName)
        }
      }
    },
    find: (key, lag) => home(key).find(positionOf(undefined, key), lag),
    put(key, image) {
      const before = home(key).find(positionOf(undefined, key), 0)?.item
      const after = image?.item
      if (equalItems(before, after)) return
      changes += 1
      home(key).put(positionOf(undefined, key), image, changes)
      for (const [index, indexShape] of indexes) {
        const old = entryOf(indexShape, keyNames, before)
        const fresh = entryOf(indexShape, keyNames, after)
        if (equalItems(old, fresh)) continue
        if (old && (!fresh || isMoved(indexShape, old, fresh))) putEntry(index, old, true)
        if (fresh) putEntry(index, fresh, false)
      }
      stream.append({ keys: key, before, after, atMs: now() })
    },
    indexUnits(before, after) {
      return indexes.reduce((units, [, indexShape]) => {
        const old = entryOf(indexShape, keyNames, before)
        const fresh = entryOf(indexShape, keyNames, after)
        const moved = old !== undefined && fresh !== undefined && isMoved(indexShape, old, fresh)
        return units + indexWriteUnits(old, fresh, moved)
      }, 0)
    },
    items: () =>
      [...partitions].flatMap(([id, { scan }]) =>
        id.startsWith('\0') ? [...scan(true, () => false, 0)].map(([, { item }]) => item) : [],
      ),
  }
}

function required(item: Item, name: string): AttributeValue {
  const value = item[name]
  if (value === undefined) throw invalid('The provided key element does not match the schema')
  if (value.S === undefined) throw invalid(`Type mismatch for key ${name}`)
  if (value.S === '') throw invalid(`A key attribute cannot contain an empty string value. Key: ${name}`)
  return value
}

/** What the index stores of an item: nothing where the item lacks a key of the index. */
function entryOf(shape: IndexShape, keyNames: string[], item: Item | undefined): Item | undefined {
  const indexKeys = [shape.partitionKey, ...(shape.sortKey === undefined ? [] : [shape.sortKey])]
  if (item === undefined || indexKeys.some((name) => item[name] === undefined)) return undefined
  const { projection = 'ALL' } = shape
  if (projection === 'ALL') return item
  const names = new Set([...indexKeys, ...keyNames, ...(projection === 'KEYS_ONLY' ? [] : projection)])
  return Object.fromEntries(Object.entries(item).filter(([name]) => names.has(name)))
}

function isMoved({ partitionKey, sortKey }: IndexShape, before: Item, after: Item): boolean {
  if (!equalValues(before[partitionKey], after[partitionKey])) return true
  return sortKey !== undefined && !equalValues(before[sortKey], after[sortKey])
}
