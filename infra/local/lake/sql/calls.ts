import type { Edit } from './edits.ts'
import { isKnownFunction, renamed, wrapped } from './functions.ts'
import { takesBracket, takesExpression } from './keywords.ts'
import { QueryFailure } from './query-failure.ts'
import { argumentStarts, closingOf, type Token } from './tokens.ts'

/** @throws QueryFailure for a function that is not known to mean the same here as there; DuckDB has many others */
export function callEdits(sql: string, tokens: readonly Token[]): Edit[] {
  return tokens.flatMap((token, at) => {
    if (tokens[at + 1]?.is !== '(' || !isName(token)) return []
    const head = headOf(tokens, at)
    if (!isCall(tokens, at, head)) return []
    const name = token.kind === 'quoted' ? token.text.slice(1, -1).toLowerCase() : token.is
    if (head !== at || !isKnownFunction(name)) {
      const whole = sql.slice(tokens[head]?.start, token.end)
      const place = { sql, at: tokens[head]?.start }
      throw new QueryFailure('FUNCTION_NOT_FOUND', `Function '${whole}' not registered`, place)
    }
    return editsOf(name, tokens, at)
  })
}

/** Where a name with dots begins. */
function headOf(tokens: readonly Token[], at: number): number {
  let head = at
  while (tokens[head - 1]?.is === '.') head -= 2
  return head
}

function isCall(tokens: readonly Token[], at: number, head: number): boolean {
  const [before, token] = [tokens[head - 1], tokens[at]]
  if (token?.is === 'filter' && tokens[at + 2]?.is === 'where') return false
  if (token?.kind === 'word' && takesBracket(token.is)) return false
  const isAlias = before !== undefined && (['as', ')', 'into'].includes(before.is) || endsOperand(before))
  const close = closingOf(tokens, at + 1)
  const isSubquery = tokens[close + 1]?.is === 'as' && tokens[close + 2]?.is === '('
  return !isAlias && !isSubquery
}

const isName = ({ kind }: Token) => kind === 'word' || kind === 'quoted'

/** After a name only an alias can follow; after other words a call can. */
const endsOperand = ({ kind, is }: Token) => kind === 'quoted' || (kind === 'word' && !takesExpression(is))

function editsOf(name: string, tokens: readonly Token[], at: number): Edit[] {
  const [token, open] = [tokens[at], tokens[at + 1]]
  const { starts, close } = argumentStarts(tokens, at + 1)
  const end = tokens[close]
  if (!token || !open || !end) return []
  const called = (text: string): Edit => ({ start: token.start, end: token.end, text })
  const added = (text: string): Edit => ({ start: end.start, end: end.start, text })
  if (name === 'approx_distinct' && starts.length === 1)
    return [called('count'), { start: open.end, end: open.end, text: 'distinct ' }]
  if (name === 'if' && starts.length === 2) return [added(', null')]
  const around = wrapped[name]
  if (around !== undefined) return [called(around), added(')')]
  const other = renamed[name]
  return [...(other === undefined ? [] : [called(other)]), ...clauseEdits(tokens, close)]
}

/** `within group (order by …)` and `ignore nulls` stand behind the brackets in Trino and within them in DuckDB. */
function clauseEdits(tokens: readonly Token[], close: number): Edit[] {
  const [end, first, second, third] = [0, 1, 2, 3].map((offset) => tokens[close + offset])
  if (!end || !first || !second || !third) return []
  if (first.is === 'within' && second.is === 'group' && third.is === '(')
    return [{ start: end.start, end: third.end, text: ' ' }]
  if ((first.is === 'ignore' || first.is === 'respect') && second.is === 'nulls')
    return [
      { start: end.start, end: end.end, text: ' ' },
      { start: second.end, end: second.end, text: ')' },
    ]
  return []
}
