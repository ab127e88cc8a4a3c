import type { Edit } from './edits.ts'
import { mustBeQuoted } from './keywords.ts'
import { QueryFailure } from './query-failure.ts'
import { closingOf, type Token } from './tokens.ts'

const extracted: Readonly<Record<string, string>> = {
  day_of_month: 'day',
  day_of_week: 'isodow',
  dow: 'isodow',
  day_of_year: 'doy',
  year_of_week: 'isoyear',
  yow: 'isoyear',
}

/** `extract(dow from …)` counts from Sunday in DuckDB. */
export function extractEdits(tokens: readonly Token[]): Edit[] {
  return tokens.flatMap((token, at) => {
    const isField = tokens[at - 2]?.is === 'extract' && tokens[at - 1]?.is === '('
    const other = isField ? extracted[token.is] : undefined
    return other === undefined ? [] : [{ start: token.start, end: token.end, text: other }]
  })
}

/** `select at from …` is no travel in time. */
export function quotingEdits(tokens: readonly Token[]): Edit[] {
  return tokens.flatMap(({ kind, is, start, end, text }) =>
    kind === 'word' && mustBeQuoted(is) ? [{ start, end, text: `"${text}"` }] : [],
  )
}

/** What DuckDB would take and answer otherwise. */
export function refuseOtherMeaning(sql: string, tokens: readonly Token[]): void {
  for (const [at, { is, start }] of tokens.entries()) {
    if (is === 'at' && tokens[at + 1]?.is === 'time' && tokens[at + 2]?.is === 'zone')
      throw new QueryFailure('NOT_SUPPORTED', 'AT TIME ZONE is not known on this machine', { sql, at: start })
  }
}

/** `decimal '1.00005'` has as many decimals as are written; DuckDB gives it three. */
export function literalEdits(tokens: readonly Token[]): Edit[] {
  return tokens.flatMap(({ is, start }, at) => {
    const value = tokens[at + 1]
    if (is !== 'decimal' || value?.kind !== 'string') return []
    const [, whole = '', fraction = ''] = /^'[-+]?(\d*)\.?(\d*)'$/.exec(value.text) ?? []
    const precision = Math.max(whole.replace(/^0+/, '').length + fraction.length, 1)
    const text = `cast(${value.text} as decimal(${precision}, ${fraction.length}))`
    return [{ start, end: value.end, text }]
  })
}

const afterValues = new Set(['order', 'limit', 'offset', 'fetch', 'union', 'except', 'intersect'])

/** Of `values 1, 2` every row wants brackets in DuckDB. */
export function valuesEdits(tokens: readonly Token[]): Edit[] {
  return tokens.flatMap(({ is }, at) => (is === 'values' ? rowsFrom(tokens, at + 1) : []))
}

function rowsFrom(tokens: readonly Token[], from: number): Edit[] {
  const edits: Edit[] = []
  for (let at = from; ; ) {
    const end = endOfRow(tokens, at)
    edits.push(...rowEdits(tokens, at, end))
    if (tokens[end]?.is !== ',') return edits
    at = end + 1
  }
}

function rowEdits(tokens: readonly Token[], from: number, end: number): Edit[] {
  const [first, last] = [tokens[from], tokens[end - 1]]
  if (!first || !last || end === from) return []
  if (first.is === '(' && closingOf(tokens, from) === end - 1) return []
  if (first.is === 'row' && closingOf(tokens, from + 1) === end - 1)
    return [{ start: first.start, end: first.end, text: '' }]
  return [
    { start: first.start, end: first.start, text: '(' },
    { start: last.end, end: last.end, text: ')' },
  ]
}

function endOfRow(tokens: readonly Token[], from: number): number {
  for (let at = from; at < tokens.length; at++) {
    const { is } = tokens[at] ?? { is: '' }
    if (is === '(' || is === '[') at = closingOf(tokens, at)
    else if (is === ',' || is === ')' || afterValues.has(is)) return at
  }
  return tokens.length
}
