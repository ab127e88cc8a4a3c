import type { Binding } from '../identity/plan.ts'
import { mapLimit } from '../runtime/concurrency.ts'
import { batchGet, type Item, keyAttributes, type Table, text, textOf, transact } from './dynamodb.ts'
import { identifierItem } from './keys.ts'

/** A binding with the time of the earliest event that brought the identifier. */
export type StoredBinding = Binding & { firstSeenAt: string }

/** The keys that an identifier may be stored under: that of the current version first looked up, then the others. */
export type Sought = { key: string; formerKeys: readonly string[] }

/** The bindings of those identifiers that have one, by their current key. */
export async function readBindings(
  table: Table,
  sought: readonly Sought[],
): Promise<Map<string, StoredBinding>> {
  const items = await findItems(table, sought)
  return new Map([...items].map(([key, item]) => [key, parseBinding(item)]))
}

/** The same; what is found under a former key is moved to the current one. */
export async function bindOnSight(
  table: Table,
  sought: readonly Sought[],
): Promise<Map<string, StoredBinding>> {
  const bindings = new Map<string, StoredBinding>()
  let open = sought
  // Whatever is changed between reading and moving is read again.
  while (open.length > 0) {
    const found = await findItems(table, open)
    const moved = await mapLimit([...found], movesAtOnce, async ([key, item]) => {
      if (keyOf(item) !== key && (await move(table, item, key)) === 'conflict') return null
      bindings.set(key, parseBinding(item))
      return key
    })
    const done = new Set(moved)
    open = open.filter(({ key }) => found.has(key) && !done.has(key))
  }
  return bindings
}

const movesAtOnce = 8

async function findItems(table: Table, sought: readonly Sought[]): Promise<Map<string, Item>> {
  // Former keys first: what is moved between the two reads is then found by the second.
  const former = await itemsByKey(
    table,
    sought.flatMap(({ formerKeys }) => formerKeys),
  )
  const current = await itemsByKey(
    table,
    sought.map(({ key }) => key),
  )
  return new Map(
    sought.flatMap(({ key, formerKeys }) => {
      const item = current.get(key) ?? formerKeys.map((one) => former.get(one)).find((one) => one)
      return item ? [[key, item] as const] : []
    }),
  )
}

async function itemsByKey(table: Table, keys: readonly string[]): Promise<Map<string, Item>> {
  if (keys.length === 0) return new Map()
  const items = await batchGet(table, keys.map(identifierItem), true)
  return new Map(items.map((item) => [keyOf(item), item]))
}

const keyOf = (item: Item): string => textOf(item, 'pk').slice('I#'.length)

/** One transaction, so that at any time exactly one of the two is there. */
function move(table: Table, item: Item, key: string): Promise<'done' | 'conflict'> {
  const TableName = table.name
  const Item = { ...item, ...keyAttributes(identifierItem(key)), o: item.o ?? text(keyOf(item)) }
  const changing = ['f', 's', 'sh'] as const
  const unchanged = changing.map((name) =>
    item[name] ? `${name} = :${name}` : `attribute_not_exists(${name})`,
  )
  const values = changing.flatMap((name) => (item[name] ? [[`:${name}`, item[name]] as const] : []))
  return transact(table, [
    { Put: { TableName, Item, ConditionExpression: 'attribute_not_exists(pk)' } },
    {
      Delete: {
        TableName,
        Key: keyAttributes(identifierItem(keyOf(item))),
        ConditionExpression: unchanged.join(' AND '),
        ExpressionAttributeValues: Object.fromEntries(values),
      },
    },
  ])
}

function parseBinding(item: Item): StoredBinding {
  return {
    nodeId: textOf(item, 'n'),
    neutralNodeId: item.s?.S ?? null,
    shared: item.sh?.BOOL ?? false,
    firstSeenAt: textOf(item, 'f'),
    ...(item.o?.S !== undefined && { firstKey: item.o.S }),
  }
}
