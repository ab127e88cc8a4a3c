import type { AttributeValue } from '@aws-sdk/client-dynamodb'
import type { Path } from './expression.ts'
import { invalid } from './failure.ts'
import type { Item } from './value.ts'

export function lookUp(item: Item, path: Path): AttributeValue | undefined {
  let value: AttributeValue | undefined = { M: item }
  for (const step of path) {
    value = typeof step === 'number' ? value?.L?.[step] : value?.M?.[step]
  }
  return value
}

/** Puts the value in place; all but the last step must be there. */
export function assign(item: Item, path: Path, value: AttributeValue): void {
  const parent = parentOf(item, path)
  const last = path.at(-1)
  if (typeof last === 'string' && parent?.M) parent.M[last] = value
  else if (typeof last === 'number' && parent?.L) parent.L[Math.min(last, parent.L.length)] = value
  else throw invalid('The document path provided in the update expression is invalid for update')
}

export function remove(item: Item, path: Path): void {
  const parent = parentOf(item, path)
  const last = path.at(-1)
  if (typeof last === 'string' && parent?.M) delete parent.M[last]
  else if (typeof last === 'number' && parent?.L) parent.L.splice(last, 1)
  else throw invalid('The document path provided in the update expression is invalid for update')
}

function parentOf(item: Item, path: Path): AttributeValue | undefined {
  return lookUp(item, path.slice(0, -1))
}
