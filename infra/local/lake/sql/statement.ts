import { callEdits } from './calls.ts'
import { applyEdits, type Edit, type EditedSql } from './edits.ts'
import { type MetadataRequest, readMetadataRequest } from './metadata-request.ts'
import { type QualifiedName, readName } from './names.ts'
import { parameterEdits } from './parameters.ts'
import { QueryFailure, syntaxError } from './query-failure.ts'
import { extractEdits, literalEdits, quotingEdits, refuseOtherMeaning, valuesEdits } from './syntax.ts'
import { closingOf, type Token, tokensOf } from './tokens.ts'
import { typeEdits } from './types.ts'
import { unnestEdits } from './unnest.ts'

type Operation = 'INSERT' | 'DELETE' | 'MERGE'

/** What was asked for, in DuckDB's words. */
export type Statement =
  | { kind: 'query' | 'explain'; run: EditedSql }
  | { kind: 'change'; operation: Operation; table: QualifiedName; run: EditedSql; query: EditedSql | null }
  | { kind: 'metadata'; request: MetadataRequest }

/** @throws QueryFailure for what is no statement that Athena takes, or none that this machine knows */
export function readStatement(sql: string, parameters: readonly string[]): Statement {
  const tokens = withoutEnd(sql, tokensOf(sql))
  const [first] = tokens
  if (!first) throw syntaxError(sql, sql.length, '<EOF>')
  const edited = (from: number, instead = '') => {
    const cut: Edit = { start: 0, end: tokens[from]?.start ?? sql.length, text: instead }
    return applyEdits(sql, [cut, ...editsOf(sql, tokens.slice(from), parameters)])
  }
  switch (first.is) {
    case 'select':
    case 'with':
    case 'values':
    case '(':
      return { kind: 'query', run: edited(0) }
    case 'explain':
      return { kind: 'explain', run: edited(explained(sql, tokens)) }
    case 'insert': {
      const table = nameAfter(sql, tokens, 'into')
      const after = namesColumns(tokens, table.next) ? closingOf(tokens, table.next) + 1 : table.next
      return { kind: 'change', operation: 'INSERT', table, run: edited(0), query: edited(after) }
    }
    case 'delete': {
      const table = nameAfter(sql, tokens, 'from')
      return { kind: 'change', operation: 'DELETE', table, run: edited(0), query: edited(1, 'select 1 ') }
    }
    case 'merge':
      return {
        kind: 'change',
        operation: 'MERGE',
        table: nameAfter(sql, tokens, 'into'),
        run: edited(0),
        query: null,
      }
    default:
      return { kind: 'metadata', request: readMetadataRequest(sql, tokens) }
  }
}

function editsOf(sql: string, tokens: readonly Token[], parameters: readonly string[]): Edit[] {
  refuseOtherMeaning(sql, tokens)
  return [
    ...parameterEdits(sql, tokens, parameters),
    ...typeEdits(sql, tokens),
    ...unnestEdits(sql, tokens),
    ...extractEdits(tokens),
    ...valuesEdits(tokens),
    ...literalEdits(tokens),
    ...quotingEdits(tokens),
    ...callEdits(sql, tokens),
  ]
}

const namesColumns = (tokens: readonly Token[], at: number): boolean =>
  tokens[at]?.is === '(' && !['select', 'with', 'values', '('].includes(tokens[at + 1]?.is ?? '')

/** One statement, with or without the semicolon at its end. */
function withoutEnd(sql: string, tokens: Token[]): Token[] {
  const at = tokens.findIndex(({ is, kind }) => kind === 'symbol' && is === ';')
  if (at < 0) return tokens
  const end = tokens[at]
  if (end && at < tokens.length - 1) throw syntaxError(sql, end.start, ';')
  return tokens.slice(0, at)
}

function explained(sql: string, tokens: readonly Token[]): number {
  const from = tokens[1]?.is === '(' ? closingOf(tokens, 1) + 1 : 1
  const { is, start } = tokens[from] ?? { is: '<EOF>', start: sql.length }
  if (is === 'analyze')
    throw new QueryFailure('NOT_SUPPORTED', 'EXPLAIN ANALYZE is not known on this machine', {
      sql,
      at: start,
    })
  if (!['select', 'with', 'values', '('].includes(is)) throw syntaxError(sql, start, is)
  return from
}

function nameAfter(sql: string, tokens: readonly Token[], word: string): QualifiedName & { next: number } {
  const { is, start } = tokens[1] ?? { is: '<EOF>', start: sql.length }
  if (is !== word) throw syntaxError(sql, start, is)
  return readName(sql, tokens, 2)
}
