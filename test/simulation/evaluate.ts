import type { AttributeValue } from '@aws-sdk/client-dynamodb'
import type { Comparator, Condition, Operand, Path } from './expression.ts'
import { invalid } from './failure.ts'
import { add, subtract } from './number.ts'
import { lookUp } from './path.ts'
import { compareValues, equalValues, type Item, membersOf, typeOf } from './value.ts'

/** What the #names and :values of a request stand for. */
export type Bindings = { names: Record<string, string>; values: Record<string, AttributeValue> }

type Request = {
  ExpressionAttributeNames?: Record<string, string> | undefined
  ExpressionAttributeValues?: Item | undefined
}

/** Refuses what DynamoDB refuses: a reference without a definition and a definition without a reference. */
export function bind(request: Request, references: string[]): Bindings {
  const names = request.ExpressionAttributeNames ?? {}
  const values = request.ExpressionAttributeValues ?? {}
  const used = new Set(references)
  for (const reference of used) {
    if (!(reference in names) && !(reference in values)) {
      throw invalid(`An expression attribute used in an expression is not defined: ${reference}`)
    }
  }
  const unused = [...Object.keys(names), ...Object.keys(values)].filter((name) => !used.has(name))
  if (unused.length > 0) throw invalid(`Value provided unused in expressions: keys: {${unused.join(', ')}}`)
  return { names, values }
}

export function resolvePath(path: Path, { names }: Bindings): Path {
  return path.map((step) => (typeof step === 'string' ? (names[step] ?? step) : step))
}

export function holds(condition: Condition, item: Item, bindings: Bindings): boolean {
  const value = (operand: Operand): AttributeValue | undefined => evaluate(operand, item, bindings)
  switch (condition.kind) {
    case 'and':
      return holds(condition.left, item, bindings) && holds(condition.right, item, bindings)
    case 'or':
      return holds(condition.left, item, bindings) || holds(condition.right, item, bindings)
    case 'not':
      return !holds(condition.condition, item, bindings)
    case 'exists':
      return lookUp(item, resolvePath(condition.path, bindings)) !== undefined
    case 'missing':
      return lookUp(item, resolvePath(condition.path, bindings)) === undefined
    case 'compare':
      return compares(value(condition.left), condition.comparator, value(condition.right))
    case 'between': {
      const subject = value(condition.operand)
      return compares(subject, '>=', value(condition.low)) && compares(subject, '<=', value(condition.high))
    }
    case 'in': {
      const subject = value(condition.operand)
      return condition.options.some((option) => compares(subject, '=', value(option)))
    }
    case 'beginsWith':
      return value(condition.left)?.S?.startsWith(value(condition.right)?.S ?? '\uffff') ?? false
    case 'contains':
      return contains(value(condition.left), value(condition.right))
    case 'hasType': {
      const subject = value(condition.left)
      return subject !== undefined && typeOf(subject) === value(condition.right)?.S
    }
  }
}

/** A missing attribute is unlike everything, so only `<>` is true of it. */
function compares(
  left: AttributeValue | undefined,
  comparator: Comparator,
  right: AttributeValue | undefined,
): boolean {
  if (comparator === '<>') return left === undefined || right === undefined || !equalValues(left, right)
  if (left === undefined || right === undefined) return false
  if (comparator === '=') return equalValues(left, right)
  const order = compareValues(left, right)
  if (order === undefined) return false
  if (comparator === '<') return order < 0
  if (comparator === '<=') return order <= 0
  return comparator === '>' ? order > 0 : order >= 0
}

function contains(whole: AttributeValue | undefined, part: AttributeValue | undefined): boolean {
  if (whole === undefined || part === undefined) return false
  if (whole.S !== undefined) return part.S !== undefined && whole.S.includes(part.S)
  return [...(whole.L ?? []), ...membersOf(whole)].some((member) => equalValues(member, part))
}

export function evaluate(operand: Operand, item: Item, bindings: Bindings): AttributeValue | undefined {
  const value = (inner: Operand): AttributeValue => {
    const found = evaluate(inner, item, bindings)
    if (found) return found
    throw invalid('The provided expression refers to an attribute that does not exist in the item')
  }
  switch (operand.kind) {
    case 'path':
      return lookUp(item, resolvePath(operand.path, bindings))
    case 'value':
      return bindings.values[operand.name]
    case 'literal':
      return operand.value
    case 'size':
      return sizeOf(lookUp(item, resolvePath(operand.path, bindings)))
    case 'ifNotExists':
      return lookUp(item, resolvePath(operand.path, bindings)) ?? value(operand.otherwise)
    case 'listAppend':
      return { L: [...list(value(operand.first)), ...list(value(operand.second))] }
    case 'plus':
      return { N: add(number(value(operand.left)), number(value(operand.right))) }
    case 'minus':
      return { N: subtract(number(value(operand.left)), number(value(operand.right))) }
  }
}

function sizeOf(value: AttributeValue | undefined): AttributeValue | undefined {
  if (value === undefined) return undefined
  if (value.S !== undefined) return { N: String(Buffer.byteLength(value.S)) }
  const members = value.B ?? value.L ?? (value.M ? Object.keys(value.M) : membersOf(value))
  return { N: String(members.length) }
}

function list(value: AttributeValue): AttributeValue[] {
  if (value.L) return value.L
  throw wrongType()
}

function number(value: AttributeValue): string {
  if (value.N !== undefined) return value.N
  throw wrongType()
}

function wrongType(): Error {
  return invalid('An operand in the update expression has an incorrect data type')
}
