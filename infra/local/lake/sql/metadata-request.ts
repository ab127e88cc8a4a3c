import { type QualifiedName, readName } from './names.ts'
import { QueryFailure, syntaxError } from './query-failure.ts'
import type { Token } from './tokens.ts'

/** `show` and `describe`: what Athena answers from the catalog. */
export type MetadataRequest =
  | { kind: 'databases'; like: string | null }
  | { kind: 'tables'; database: QualifiedName | null; like: string | null }
  | { kind: 'columns' | 'description'; table: QualifiedName }

export function readMetadataRequest(sql: string, tokens: readonly Token[]): MetadataRequest {
  const [first, second] = tokens
  if (first?.is === 'describe' || first?.is === 'desc') {
    const from = second?.is === 'formatted' || second?.is === 'extended' ? 2 : 1
    return { kind: 'description', table: only(sql, tokens, from) }
  }
  if (first?.is !== 'show') throw refused(sql, first)
  switch (second?.is) {
    case 'databases':
    case 'schemas':
      return { kind: 'databases', like: pattern(sql, tokens, 2) }
    case 'tables': {
      if (!isIn(tokens[2])) return { kind: 'tables', database: null, like: pattern(sql, tokens, 2) }
      const { next, ...database } = readName(sql, tokens, 3)
      return { kind: 'tables', database, like: pattern(sql, tokens, next) }
    }
    case 'columns':
      if (!isIn(tokens[2])) throw syntaxError(sql, tokens[2]?.start ?? sql.length, tokens[2]?.is ?? '<EOF>')
      return { kind: 'columns', table: only(sql, tokens, 3) }
    default:
      throw refused(sql, first)
  }
}

/** Statements that Athena takes, or Trino. */
const others = new Set(
  `alter analyze call comment commit create deallocate drop execute explain grant msck optimize prepare refresh
  reset revoke rollback set show start truncate unload update use vacuum`.split(/\s+/),
)

function refused(sql: string, token: Token | undefined): QueryFailure {
  const { is, start } = token ?? { is: '<EOF>', start: sql.length }
  if (!others.has(is)) return syntaxError(sql, start, is)
  return new QueryFailure('NOT_SUPPORTED', 'Queries of this type are not supported on this machine', {
    sql,
    at: start,
  })
}

const isIn = (token: Token | undefined) => token?.is === 'in' || token?.is === 'from'

function only(sql: string, tokens: readonly Token[], from: number): QualifiedName {
  const { next, ...name } = readName(sql, tokens, from)
  const more = tokens[next]
  if (more) throw syntaxError(sql, more.start, more.is)
  return name
}

function pattern(sql: string, tokens: readonly Token[], from: number): string | null {
  const at = tokens[from]?.is === 'like' ? from + 1 : from
  const token = tokens[at]
  if (!token) return null
  if (token.kind !== 'string' || tokens[at + 1]) throw syntaxError(sql, token.start, token.is)
  return token.text.slice(1, -1)
}
