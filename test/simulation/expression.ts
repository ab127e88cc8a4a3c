import type { AttributeValue } from '@aws-sdk/client-dynamodb'
import { invalid } from './failure.ts'
import { isWord, malformed, type Token, type Tokens, tokenize } from './tokens.ts'

/** Attribute names, `#aliases` and list positions, outermost first. */
export type Path = (string | number)[]

export type Operand =
  | { kind: 'path'; path: Path }
  | { kind: 'value'; name: string }
  | { kind: 'literal'; value: AttributeValue }
  | { kind: 'size'; path: Path }
  | { kind: 'ifNotExists'; path: Path; otherwise: Operand }
  | { kind: 'listAppend'; first: Operand; second: Operand }
  | { kind: 'plus' | 'minus'; left: Operand; right: Operand }

export type Comparator = '=' | '<>' | '<' | '<=' | '>' | '>='

export type Condition =
  | { kind: 'and' | 'or'; left: Condition; right: Condition }
  | { kind: 'not'; condition: Condition }
  | { kind: 'compare'; comparator: Comparator; left: Operand; right: Operand }
  | { kind: 'between'; operand: Operand; low: Operand; high: Operand }
  | { kind: 'in'; operand: Operand; options: Operand[] }
  | { kind: 'exists' | 'missing'; path: Path }
  | { kind: 'beginsWith' | 'contains' | 'hasType'; left: Operand; right: Operand }

export type Parsed<T> = { tree: T; references: string[] }

export const parseCondition = remembered((tokens: Tokens) => readCondition(tokens))

/** A parser of whole texts that parses each text once. */
export function remembered<T>(read: (tokens: Tokens) => T): (source: string) => Parsed<T> {
  const known = new Map<string, Parsed<T>>()
  return (source) => {
    const found = known.get(source)
    if (found) return found
    const tokens = tokenize(source)
    const parsed = { tree: read(tokens), references: tokens.references }
    if (tokens.peek().kind !== 'end') throw malformed(tokens.peek())
    known.set(source, parsed)
    return parsed
  }
}

export function readCondition(tokens: Tokens): Condition {
  let left = readConjunction(tokens)
  while (tokens.accept('or')) left = { kind: 'or', left, right: readConjunction(tokens) }
  return left
}

function readConjunction(tokens: Tokens): Condition {
  let left = readNegation(tokens)
  while (tokens.accept('and')) left = { kind: 'and', left, right: readNegation(tokens) }
  return left
}

function readNegation(tokens: Tokens): Condition {
  if (tokens.accept('not')) return { kind: 'not', condition: readNegation(tokens) }
  if (!tokens.accept('(')) return readPredicate(tokens)
  const condition = readCondition(tokens)
  tokens.expect(')')
  return condition
}

function readPredicate(tokens: Tokens): Condition {
  switch (functionName(tokens)) {
    case 'attribute_exists':
      return { kind: 'exists', path: readCall(tokens, readPath) }
    case 'attribute_not_exists':
      return { kind: 'missing', path: readCall(tokens, readPath) }
    case 'begins_with':
      return { kind: 'beginsWith', ...readCall(tokens, readPair) }
    case 'contains':
      return { kind: 'contains', ...readCall(tokens, readPair) }
    case 'attribute_type':
      return { kind: 'hasType', ...readCall(tokens, readPair) }
    default:
      return readComparison(tokens)
  }
}

function readComparison(tokens: Tokens): Condition {
  const left = readOperand(tokens)
  if (tokens.accept('between')) {
    const low = readOperand(tokens)
    tokens.expect('and')
    return { kind: 'between', operand: left, low, high: readOperand(tokens) }
  }
  if (tokens.accept('in')) {
    tokens.expect('(')
    const options = readList(tokens, readOperand)
    tokens.expect(')')
    return { kind: 'in', operand: left, options }
  }
  return { kind: 'compare', comparator: readComparator(tokens.next()), left, right: readOperand(tokens) }
}

function readComparator(token: Token): Comparator {
  const { text } = token
  if (text === '=' || text === '<>' || text === '<' || text === '<=' || text === '>' || text === '>=')
    return text
  throw malformed(token)
}

/** An operand, or a sum or difference of two, as the right side of SET takes it. */
export function readSum(tokens: Tokens): Operand {
  const left = readOperand(tokens)
  if (tokens.accept('+')) return { kind: 'plus', left, right: readOperand(tokens) }
  if (tokens.accept('-')) return { kind: 'minus', left, right: readOperand(tokens) }
  return left
}

export function readOperand(tokens: Tokens): Operand {
  const { kind, text } = tokens.peek()
  if (kind === 'value') return { kind: 'value', name: tokens.next().text }
  if (kind === 'text') return { kind: 'literal', value: { S: tokens.next().text } }
  if (kind === 'number') return { kind: 'literal', value: { N: tokens.next().text } }
  const name = functionName(tokens)
  if (name === undefined) return { kind: 'path', path: readPath(tokens) }
  if (name === 'size') return { kind: 'size', path: readCall(tokens, readPath) }
  if (name === 'if_not_exists') return { kind: 'ifNotExists', ...readCall(tokens, readDefault) }
  if (name !== 'list_append') throw invalid(`Invalid expression: Invalid function name; function: ${text}`)
  const { left, right } = readCall(tokens, readPair)
  return { kind: 'listAppend', first: left, second: right }
}

function readDefault(tokens: Tokens): { path: Path; otherwise: Operand } {
  const path = readPath(tokens)
  tokens.expect(',')
  return { path, otherwise: readOperand(tokens) }
}

function readPair(tokens: Tokens): { left: Operand; right: Operand } {
  const left = readOperand(tokens)
  tokens.expect(',')
  return { left, right: readOperand(tokens) }
}

export function readPath(tokens: Tokens): Path {
  const path: Path = [readName(tokens)]
  while (true) {
    if (tokens.accept('.')) path.push(readName(tokens))
    else if (tokens.accept('[')) {
      path.push(Number(tokens.next().text))
      tokens.expect(']')
    } else return path
  }
}

function readName(tokens: Tokens): string {
  const token = tokens.next()
  if (token.kind === 'word' || token.kind === 'alias' || token.kind === 'quoted') return token.text
  throw malformed(token)
}

export function readList<T>(tokens: Tokens, read: (tokens: Tokens) => T): T[] {
  const list = [read(tokens)]
  while (tokens.accept(',')) list.push(read(tokens))
  return list
}

function readCall<T>(tokens: Tokens, readArguments: (tokens: Tokens) => T): T {
  tokens.next()
  tokens.expect('(')
  const parts = readArguments(tokens)
  tokens.expect(')')
  return parts
}

function functionName(tokens: Tokens): string | undefined {
  const token = tokens.peek()
  const called = token.kind === 'word' && tokens.peek(1).text === '(' && !isWord(token, 'in')
  return called ? token.text.toLowerCase() : undefined
}
