import { invalid } from './failure.ts'

export type Token = {
  kind: 'word' | 'alias' | 'value' | 'number' | 'text' | 'quoted' | 'symbol' | 'end'
  text: string
}

export type Tokens = {
  peek(ahead?: number): Token
  next(): Token
  /** Takes the next token if it is this symbol or, in any case, this word. */
  accept(text: string): boolean
  expect(text: string): void
  /** The #names and :values that occur. */
  references: string[]
}

const pattern =
  /\s*(?:([A-Za-z_]\w*)|(#\w+)|(:\w+|\?)|(\d+(?:\.\d+)?)|'((?:[^']|'')*)'|"([^"]*)"|(<>|<=|>=|[-=<>(),.[\]+{}:*;]))/y
const kinds = ['word', 'alias', 'value', 'number', 'text', 'quoted', 'symbol'] as const
const end: Token = { kind: 'end', text: '' }

/** Tokens of an expression or a PartiQL statement; the placeholders `?` become `?0`, `?1` … in order. */
export function tokenize(source: string): Tokens {
  const tokens = [...scan(source)]
  let at = 0
  const peek = (ahead = 0): Token => tokens[at + ahead] ?? end
  const next = (): Token => {
    const token = peek()
    at += 1
    return token
  }
  const accept = (text: string): boolean => {
    const token = peek()
    const found = token.kind === 'symbol' ? token.text === text : isWord(token, text)
    if (found) at += 1
    return found
  }
  const expect = (text: string): void => {
    if (!accept(text)) throw malformed(peek())
  }
  const references = tokens.filter(({ kind }) => kind === 'alias' || kind === 'value').map(({ text }) => text)
  return { peek, next, accept, expect, references }
}

export function isWord(token: Token, word: string): boolean {
  return token.kind === 'word' && token.text.toLowerCase() === word.toLowerCase()
}

export function malformed(token: Token): Error {
  return invalid(`Invalid expression: Syntax error; token: ${token.kind === 'end' ? '<EOF>' : token.text}`)
}

function* scan(source: string): Generator<Token> {
  let placeholders = 0
  let at = 0
  while (source.slice(at).trim() !== '') {
    pattern.lastIndex = at
    const match = pattern.exec(source)
    if (match === null)
      throw invalid(`Invalid expression: Syntax error; token: ${source.slice(at).trim()[0]}`)
    at = pattern.lastIndex
    const group = match.slice(1).findIndex((text) => text !== undefined)
    const kind = kinds[group] ?? 'symbol'
    const text = match[group + 1] ?? ''
    if (text === '?') {
      yield { kind, text: `?${placeholders}` }
      placeholders += 1
    } else {
      yield { kind, text: kind === 'text' ? text.replaceAll("''", "'") : text }
    }
  }
}
