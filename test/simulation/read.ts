import { readUnits } from './capacity.ts'
import { bind } from './evaluate.ts'
import { type Path, readList, readPath, remembered } from './expression.ts'
import { notSimulated } from './failure.ts'
import type { Request } from './request.ts'
import type { Table } from './table.ts'
import { copyItem, type Item } from './value.ts'

const parseProjection = remembered((tokens) => readList(tokens, readPath))

export type Projected = {
  ProjectionExpression?: string | undefined
  ExpressionAttributeNames?: Record<string, string> | undefined
  ExpressionAttributeValues?: Item | undefined
}

type Target = Projected & { table: Table; key: Item; ConsistentRead?: boolean | undefined }

/** A read of one item at the price of its rounded size, in a transaction at double the price. */
export function readItem(request: Request, target: Target, isTransaction = false): Item | undefined {
  const { table, ConsistentRead: isConsistent = false } = target
  const project = projectionOf(target)
  const key = table.keyOf(copyItem(target.key), true)
  const image = table.find(key, isConsistent || isTransaction ? 0 : request.chance.lag())
  const price = isTransaction ? 2 : isConsistent ? 1 : 0.5
  request.meter.charge(table.name, 'read', readUnits(image?.bytes ?? 0) * price)
  return image && project(image.item)
}

/** `others` are the references of the other expressions of the request. */
export function projectionOf(input: Projected, others: string[] = []): (item: Item) => Item {
  const { ProjectionExpression: source } = input
  const projection = source === undefined ? undefined : parseProjection(source)
  const references = [...others, ...(projection?.references ?? [])]
  const { names } = bind(input, references)
  const wanted = projection?.tree.map((path) => attributeName(path, names))
  if (wanted === undefined) return copyItem
  return (item) => {
    const picked: Item = {}
    for (const name of wanted) {
      const value = item[name]
      if (value) picked[name] = value
    }
    return copyItem(picked)
  }
}

function attributeName(path: Path, names: Record<string, string>): string {
  const [name] = path
  if (path.length > 1 || typeof name !== 'string') throw notSimulated('a nested projection')
  return names[name] ?? name
}
