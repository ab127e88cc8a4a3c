import type { AttributeValue } from '@aws-sdk/client-dynamodb'
import { type Bindings, evaluate, resolvePath } from './evaluate.ts'
import type { Condition, Operand } from './expression.ts'
import { invalid } from './failure.ts'
import { compareValues } from './value.ts'

export type KeyNames = { partitionKey: string; sortKey?: string }

/** The stretch of a partition that a key condition asks for. */
export type KeyRange = {
  key: AttributeValue
  isBelow(value: AttributeValue): boolean
  isAbove(value: AttributeValue): boolean
}

export function rangeOf(condition: Condition, names: KeyNames, bindings: Bindings): KeyRange {
  const terms = conjuncts(condition)
  const value = (operand: Operand): AttributeValue => {
    const found = evaluate(operand, {}, bindings)
    if (found) return found
    throw invalid('Invalid KeyConditionExpression: a key is compared with a value')
  }
  const isAbout = (operand: Operand, name: string | undefined): boolean =>
    operand.kind === 'path' && name !== undefined && resolvePath(operand.path, bindings).join('.') === name
  const own = terms.find((term) => term.kind === 'compare' && isAbout(term.left, names.partitionKey))
  const [rest, ...surplus] = terms.filter((term) => term !== own)
  if (own?.kind !== 'compare' || own.comparator !== '=' || surplus.length > 0) {
    throw invalid('Query condition missed key schema element or has too many')
  }
  const key = value(own.right)
  if (rest === undefined) return { key, isBelow: () => false, isAbove: () => false }
  const subject = subjectOf(rest)
  if (subject === undefined || !isAbout(subject, names.sortKey))
    throw invalid('Query key condition not supported')
  return { key, ...boundsOf(rest, value) }
}

function subjectOf(term: Condition): Operand | undefined {
  if (term.kind === 'between') return term.operand
  return term.kind === 'compare' || term.kind === 'beginsWith' ? term.left : undefined
}

function boundsOf(term: Condition, value: (operand: Operand) => AttributeValue): Omit<KeyRange, 'key'> {
  if (term.kind === 'between') {
    const low = value(term.low)
    const high = value(term.high)
    return { isBelow: (at) => order(at, low) < 0, isAbove: (at) => order(at, high) > 0 }
  }
  if (term.kind === 'beginsWith') {
    const prefix = value(term.right)
    const starts = (at: AttributeValue): boolean => at.S?.startsWith(prefix.S ?? '') ?? false
    return { isBelow: (at) => order(at, prefix) < 0, isAbove: (at) => order(at, prefix) > 0 && !starts(at) }
  }
  if (term.kind !== 'compare' || term.comparator === '<>') throw invalid('Query key condition not supported')
  const { comparator } = term
  const bound = value(term.right)
  return {
    isBelow: (at) =>
      comparator === '>' ? order(at, bound) <= 0 : ['=', '>='].includes(comparator) && order(at, bound) < 0,
    isAbove: (at) =>
      comparator === '<' ? order(at, bound) >= 0 : ['=', '<='].includes(comparator) && order(at, bound) > 0,
  }
}

function order(left: AttributeValue, right: AttributeValue): number {
  const found = compareValues(left, right)
  if (found === undefined) throw invalid('Condition parameter type does not match schema type')
  return found
}

/** The terms that a condition joins by AND. */
export function conjuncts(condition: Condition): Condition[] {
  return condition.kind === 'and'
    ? [...conjuncts(condition.left), ...conjuncts(condition.right)]
    : [condition]
}
