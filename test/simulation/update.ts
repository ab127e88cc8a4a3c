import type { AttributeValue } from '@aws-sdk/client-dynamodb'
import { type Bindings, evaluate, resolvePath } from './evaluate.ts'
import {
  type Operand,
  type Path,
  readList,
  readOperand,
  readPath,
  readSum,
  remembered,
} from './expression.ts'
import { invalid } from './failure.ts'
import { add } from './number.ts'
import { assign, lookUp, remove } from './path.ts'
import { malformed, type Tokens } from './tokens.ts'
import { copyItem, copyValue, type Item, identity, membersOf, typeOf } from './value.ts'

export type Action =
  | { kind: 'set' | 'add' | 'delete'; path: Path; operand: Operand }
  | { kind: 'remove'; path: Path }

export const parseUpdate = remembered(readActions)

/** SET, REMOVE, ADD and DELETE clauses in any order, up to a word that is none of them. */
export function readActions(tokens: Tokens): Action[] {
  const actions: Action[] = []
  while (true) {
    if (tokens.accept('set')) actions.push(...readList(tokens, readAssignment))
    else if (tokens.accept('remove')) {
      actions.push(...readList(tokens, (rest): Action => ({ kind: 'remove', path: readPath(rest) })))
    } else if (tokens.accept('add')) actions.push(...readList(tokens, (rest) => readChange('add', rest)))
    else if (tokens.accept('delete')) actions.push(...readList(tokens, (rest) => readChange('delete', rest)))
    else if (actions.length > 0) return actions
    else throw malformed(tokens.peek())
  }
}

function readAssignment(tokens: Tokens): Action {
  const path = readPath(tokens)
  tokens.expect('=')
  return { kind: 'set', path, operand: readSum(tokens) }
}

function readChange(kind: 'add' | 'delete', tokens: Tokens): Action {
  return { kind, path: readPath(tokens), operand: readOperand(tokens) }
}

/** The item after the update; every operand sees the item as it was before. */
export function updated(before: Item, actions: Action[], bindings: Bindings): Item {
  const after = copyItem(before)
  const resolved = actions.map((action) => ({ ...action, path: resolvePath(action.path, bindings) }))
  refuseOverlaps(resolved.map(({ path }) => path))
  const values = resolved.map((action) =>
    action.kind === 'remove' ? undefined : newValue(action, before, bindings),
  )
  for (const [at, { path }] of resolved.entries()) {
    const value = values[at]
    if (value) assign(after, path, value)
    else remove(after, path)
  }
  return after
}

function newValue(
  { kind, path, operand }: Exclude<Action, { kind: 'remove' }>,
  before: Item,
  bindings: Bindings,
): AttributeValue | undefined {
  const value = evaluate(operand, before, bindings)
  if (value === undefined) {
    throw invalid('The provided expression refers to an attribute that does not exist in the item')
  }
  if (kind === 'set') return copyValue(value)
  const old = lookUp(before, path)
  const isNumber = kind === 'add' && value.N !== undefined
  if ((!isNumber && membersOf(value).length === 0) || (old && typeOf(old) !== typeOf(value))) {
    throw invalid('An operand in the update expression has an incorrect data type')
  }
  return kind === 'add' ? added(old, value) : withoutMembers(old, value)
}

function added(old: AttributeValue | undefined, value: AttributeValue): AttributeValue {
  if (old === undefined) return copyValue(value)
  if (old.N !== undefined && value.N !== undefined) return { N: add(old.N, value.N) }
  const known = new Set(membersOf(old).map(identity))
  return setOf(old, [...membersOf(old), ...membersOf(value).filter((member) => !known.has(identity(member)))])
}

function withoutMembers(old: AttributeValue | undefined, value: AttributeValue): AttributeValue | undefined {
  if (old === undefined) return undefined
  const unwanted = new Set(membersOf(value).map(identity))
  const left = membersOf(old).filter((member) => !unwanted.has(identity(member)))
  return left.length > 0 ? setOf(old, left) : undefined
}

function setOf(like: AttributeValue, members: AttributeValue[]): AttributeValue {
  if (like.SS) return { SS: members.flatMap(({ S }) => (S === undefined ? [] : [S])) }
  if (like.NS) return { NS: members.flatMap(({ N }) => (N === undefined ? [] : [N])) }
  if (like.BS) return { BS: members.flatMap(({ B }) => (B === undefined ? [] : [B])) }
  throw invalid('An operand in the update expression has an incorrect data type')
}

function refuseOverlaps(paths: Path[]): void {
  const seen = paths.map((path) => `${path.join('\0')}\0`).sort()
  const overlap = seen.some((path, at) => at > 0 && path.startsWith(seen[at - 1] ?? ''))
  if (overlap) throw invalid('Invalid UpdateExpression: Two document paths overlap with each other')
}
