import type { Edit } from './edits.ts'
import { QueryFailure, syntaxError } from './query-failure.ts'
import { argumentStarts, closingOf, type Token } from './tokens.ts'

const plain: Readonly<Record<string, string>> = {
  boolean: 'boolean',
  tinyint: 'tinyint',
  smallint: 'smallint',
  integer: 'integer',
  int: 'integer',
  bigint: 'bigint',
  real: 'float',
  double: 'double',
  varchar: 'varchar',
  varbinary: 'blob',
  date: 'date',
  time: 'time',
  decimal: 'decimal(38, 0)',
}

/** The types in `cast(… as …)`, in DuckDB's words. */
export function typeEdits(sql: string, tokens: readonly Token[]): Edit[] {
  return tokens.flatMap(({ is }, at) => {
    if ((is !== 'cast' && is !== 'try_cast') || tokens[at + 1]?.is !== '(') return []
    const close = closingOf(tokens, at + 1)
    const as = asBetween(tokens, at + 2, close)
    const [first, last] = [tokens[as + 1], tokens[close - 1]]
    if (as < 0 || !first || !last || first.start > last.start) return []
    const type = tokens.slice(as + 1, close)
    return [
      { start: first.start, end: last.end, text: typeOf(sql, type) },
      ...shorteningEdits(type, { call: tokens[at], end: tokens[close] }),
    ]
  })
}

/** A cast to `varchar(3)` cuts off what is longer; DuckDB's does not. */
function shorteningEdits(
  [name, , length]: readonly Token[],
  { call, end }: { call: Token | undefined; end: Token | undefined },
): Edit[] {
  if (name?.is !== 'varchar' || length?.kind !== 'number' || !call || !end) return []
  return [
    { start: call.start, end: call.start, text: 'system.main."left"(' },
    { start: end.end, end: end.end, text: `, ${length.text})` },
  ]
}

function asBetween(tokens: readonly Token[], from: number, to: number): number {
  let found = -1
  for (let at = from; at < to; at++) {
    const { is } = tokens[at] ?? { is: '' }
    if (is === '(' || is === '[') at = closingOf(tokens, at)
    else if (is === 'as') found = at
  }
  return found
}

function typeOf(sql: string, tokens: readonly Token[]): string {
  const [name, open] = tokens
  if (!name) throw syntaxError(sql, sql.length, '<EOF>')
  const close = open?.is === '(' ? closingOf(tokens, 1) : 0
  const inside = open?.is === '(' ? partsOf(tokens, 1) : []
  const rest = tokens
    .slice(close + 1)
    .map(({ is }) => is)
    .join(' ')
  const size = inside.map((part) => part.map(({ text }) => text).join('')).join(', ')
  switch (name.is) {
    case 'array':
      return `${inside.map((part) => typeOf(sql, part)).join()}[]`
    case 'map':
      return `map(${inside.map((part) => typeOf(sql, part)).join(', ')})`
    case 'row':
      return `struct(${inside.map((part) => fieldOf(sql, part)).join(', ')})`
    case 'timestamp':
      return rest === 'with time zone' ? 'timestamptz' : timestamp(size)
    case 'varchar':
      return 'varchar'
    case 'decimal':
      return size ? `decimal(${size.includes(',') ? size : `${size}, 0`})` : 'decimal(38, 0)'
  }
  const known = plain[name.is]
  if (known && inside.length === 0 && (rest === '' || (name.is === 'double' && rest === 'precision')))
    return known
  const text = sql.slice(name.start, tokens.at(-1)?.end)
  throw new QueryFailure('TYPE_MISMATCH', `Unknown type on this machine: ${text}`, { sql, at: name.start })
}

/** Trino's timestamp has 3 digits of a second unless it says how many. */
function timestamp(size: string): string {
  if (size === '' || size === '3') return 'timestamp_ms'
  return size === '0' ? 'timestamp_s' : 'timestamp'
}

function fieldOf(sql: string, [name, ...type]: readonly Token[]): string {
  if (!name || type.length === 0 || type[0]?.is === '(')
    throw new QueryFailure('NOT_SUPPORTED', 'Fields of rows need names on this machine', {
      sql,
      at: name?.start,
    })
  return `"${name.text.replaceAll('"', '')}" ${typeOf(sql, type)}`
}

function partsOf(tokens: readonly Token[], open: number): (readonly Token[])[] {
  const { starts, close } = argumentStarts(tokens, open)
  return starts.map((start, at) => tokens.slice(start, (starts[at + 1] ?? close + 1) - 1))
}
