import type { AttributeValue } from '@aws-sdk/client-dynamodb'
import { type Bindings, evaluate } from './evaluate.ts'
import {
  type Condition,
  type Operand,
  readCondition,
  readList,
  readOperand,
  remembered,
} from './expression.ts'
import { invalid, notSimulated } from './failure.ts'
import { conjuncts } from './key-range.ts'
import type { Request } from './request.ts'
import type { Table } from './table.ts'
import { isWord, malformed, type Tokens } from './tokens.ts'
import { type Action, readActions } from './update.ts'
import { copyItem, copyValue, type Item } from './value.ts'
import { updateOf, type Write } from './write.ts'

type Statement =
  | { kind: 'insert'; table: string; fields: { name: string; operand: Operand }[] }
  | { kind: 'update'; table: string; actions: Action[]; where: Condition }
  | { kind: 'delete'; table: string; where: Condition }

const parseStatement = remembered(readStatement)

function readStatement(tokens: Tokens): Statement {
  if (isWord(tokens.peek(), 'select')) throw notSimulated('PartiQL reads')
  if (tokens.accept('insert')) return readInsert(tokens)
  if (tokens.accept('update')) {
    return {
      kind: 'update',
      table: tokens.next().text,
      actions: readActions(tokens),
      where: readWhere(tokens),
    }
  }
  if (!tokens.accept('delete')) throw malformed(tokens.peek())
  tokens.expect('from')
  return { kind: 'delete', table: tokens.next().text, where: readWhere(tokens) }
}

function readInsert(tokens: Tokens): Statement {
  tokens.expect('into')
  const table = tokens.next().text
  tokens.expect('value')
  tokens.expect('{')
  const fields = readList(tokens, (rest) => {
    const name = rest.next().text
    rest.expect(':')
    return { name, operand: readOperand(rest) }
  })
  tokens.expect('}')
  return { kind: 'insert', table, fields }
}

function readWhere(tokens: Tokens): Condition {
  tokens.expect('where')
  return readCondition(tokens)
}

/** The write that a statement with its parameters stands for. */
export function statementWrite(
  { table: find }: Request,
  source: string,
  parameters: AttributeValue[],
): Write {
  const { tree, references } = parseStatement(source)
  if (references.length !== parameters.length) {
    throw invalid("Number of parameters in request and statement don't match.")
  }
  const values = Object.fromEntries(parameters.map((value, at) => [`?${at}`, value]))
  const bindings = { names: {}, values }
  const table = find(tree.table)
  const rest = { table, bindings, showsItem: false }
  const isThere: Condition = { kind: 'exists', path: [table.shape.partitionKey] }
  const isMissing: Condition = { kind: 'missing', path: [table.shape.partitionKey] }
  switch (tree.kind) {
    case 'insert': {
      const item = itemOf(tree.fields, bindings)
      return { ...rest, key: table.keyOf(item, false), condition: isMissing, change: () => item }
    }
    case 'update': {
      const key = keyOf(table, tree.where, bindings)
      const condition: Condition = { kind: 'and', left: isThere, right: tree.where }
      return { ...rest, key, condition, change: updateOf(key, tree.actions, bindings) }
    }
    case 'delete': {
      const key = keyOf(table, tree.where, bindings)
      const condition: Condition = { kind: 'or', left: isMissing, right: tree.where }
      return { ...rest, key, condition, change: () => undefined }
    }
  }
}

export function isInsert(source: string): boolean {
  return /^\s*insert\b/i.test(source)
}

function itemOf(fields: { name: string; operand: Operand }[], bindings: Bindings): Item {
  const item: Item = {}
  for (const { name, operand } of fields) {
    const value = evaluate(operand, {}, bindings)
    if (value === undefined) throw invalid(`No value for ${name}`)
    item[name] = copyValue(value)
  }
  return item
}

function keyOf(table: Table, where: Condition, bindings: Bindings): Item {
  const given: Item = {}
  for (const term of conjuncts(where)) {
    if (term.kind !== 'compare' || term.comparator !== '=' || term.left.kind !== 'path') continue
    const [name] = term.left.path
    const value = evaluate(term.right, {}, bindings)
    if (typeof name === 'string' && value) given[name] = value
  }
  const { partitionKey, sortKey } = table.shape
  if (!given[partitionKey] || (sortKey !== undefined && !given[sortKey])) {
    throw invalid('Where clause does not contain a mandatory equality on all key attributes')
  }
  return table.keyOf(copyItem(given), false)
}
