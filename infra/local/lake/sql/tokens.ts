import { QueryFailure, syntaxError } from './query-failure.ts'

export interface Token {
  kind: 'word' | 'quoted' | 'string' | 'number' | 'symbol'
  text: string
  /** Of words, in lower case; of all else the text. */
  is: string
  start: number
  end: number
}

/** What Trino's grammar knows, and nothing that only DuckDB does: no `::`, `$1`, `$$`, `@`, `#` or `{`. */
const lexemes = [
  ['space', /(?:\s|--[^\n]*|\/\*[\s\S]*?\*\/)+/y],
  ['string', /'(?:[^']|'')*'/y],
  ['quoted', /"(?:[^"]|"")+"/y],
  ['number', /(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?/y],
  ['word', /[A-Za-z_][A-Za-z0-9_]*/y],
  ['symbol', /->|<>|!=|<=|>=|\|\||[()[\],.;+\-*/%<>=?]/y],
] as const

/** @throws QueryFailure at what Trino could not read either */
export function tokensOf(sql: string): Token[] {
  const tokens: Token[] = []
  for (let start = 0; start < sql.length; ) {
    const { kind, text } = lexemeAt(sql, start)
    const end = start + text.length
    if (kind !== 'space')
      tokens.push({ kind, text, is: kind === 'word' ? text.toLowerCase() : text, start, end })
    start = end
  }
  refusePrefixedStrings(sql, tokens)
  refuseDepth(tokens)
  return tokens
}

function lexemeAt(sql: string, start: number) {
  for (const [kind, pattern] of lexemes) {
    pattern.lastIndex = start
    const [text] = pattern.exec(sql) ?? []
    if (text !== undefined) return { kind, text }
  }
  throw syntaxError(sql, start, sql.charAt(start))
}

/** DuckDB reads `e'…'` and the like as strings with escapes. */
function refusePrefixedStrings(sql: string, tokens: Token[]) {
  for (const [at, { kind, start }] of tokens.entries()) {
    const before = tokens[at - 1]
    if (kind === 'string' && before?.end === start && before.kind === 'word' && before.text.length === 1)
      throw syntaxError(sql, start, "'")
  }
}

const deepest = 500

/** Trino gives up on such statements, too. */
function refuseDepth(tokens: Token[]) {
  let depth = 0
  for (const { is } of tokens) {
    if (is === '(' || is === '[') depth++
    if (is === ')' || is === ']') depth--
    if (depth > deepest) throw new QueryFailure('STACK_OVERFLOW', 'statement is too large')
  }
}

/** Where the bracket that opens at `open` is closed, or where a list between brackets ends. */
export function closingOf(tokens: readonly Token[], open: number): number {
  let depth = 0
  for (let at = open; at < tokens.length; at++) {
    const { is } = tokens[at] ?? { is: '' }
    if (is === '(' || is === '[') depth++
    if (is === ')' || is === ']') depth--
    if (depth === 0) return at
  }
  return tokens.length
}

/** Where the parameters of the call that opens at `open` begin and, last, where it is closed. */
export function argumentStarts(tokens: readonly Token[], open: number): { starts: number[]; close: number } {
  const close = closingOf(tokens, open)
  const starts = close === open + 1 ? [] : [open + 1]
  for (let at = open + 1; at < close; at++) {
    const { is } = tokens[at] ?? { is: '' }
    if (is === '(' || is === '[') at = closingOf(tokens, at)
    else if (is === ',') starts.push(at + 1)
  }
  return { starts, close }
}
