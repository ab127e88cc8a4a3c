import type { Edit } from './edits.ts'
import { isReserved } from './keywords.ts'
import { QueryFailure } from './query-failure.ts'
import { argumentStarts, type Token } from './tokens.ts'

/**
 * In Trino the fields of a row become columns when an array of rows is unnested; DuckDB wants to be asked to go one
 * level deeper. Which it is shows in the number of names: more than there are arrays, or none.
 */
export function unnestEdits(sql: string, tokens: readonly Token[]): Edit[] {
  return tokens.flatMap(({ is }, at) =>
    is === 'unnest' && tokens[at + 1]?.is === '(' ? unnestAt(sql, tokens, at) : [],
  )
}

function unnestAt(sql: string, tokens: readonly Token[], at: number): Edit[] {
  const { starts, close } = argumentStarts(tokens, at + 1)
  const [call, end] = [tokens[at], tokens[close]]
  if (!call || !end) return []
  const isNumbered = tokens[close + 1]?.is === 'with' && tokens[close + 2]?.is === 'ordinality'
  const names = namesAfter(tokens, close + (isNumbered ? 3 : 1))
  const goesDeeper = names === undefined || names - (isNumbered ? 1 : 0) > starts.length
  if (starts.length === 1 && !goesDeeper) return []

  const depth = goesDeeper ? ', max_depth := 2' : ''
  if (!isNumbered) {
    return [
      { start: call.start, end: call.start, text: 'lateral (select ' },
      ...starts.slice(1).map((start) => replace(tokens[start - 1], `${depth}), unnest(`)),
      replace(end, `${depth}))`),
    ]
  }
  if (starts.length > 1)
    throw new QueryFailure('NOT_SUPPORTED', 'ORDINALITY of several arrays is not known on this machine', {
      sql,
      at: call.start,
    })
  return [
    { start: call.start, end: call.start, text: `lateral (select unnest("$u"${depth}), "$n" from ` },
    replace(tokens[close + 2], 'ordinality as "$s"("$u", "$n"))'),
  ]
}

const replace = (token: Token | undefined, text: string): Edit => ({
  start: token?.start ?? 0,
  end: token?.end ?? 0,
  text,
})

/** How many names the alias that begins there gives to columns; undefined: none. */
function namesAfter(tokens: readonly Token[], from: number): number | undefined {
  const name = tokens[from]?.is === 'as' ? from + 1 : from
  const { kind, is } = tokens[name] ?? { kind: 'symbol', is: '' }
  const isName = kind === 'quoted' || (kind === 'word' && !isReserved(is))
  if (!isName || tokens[name + 1]?.is !== '(') return undefined
  return argumentStarts(tokens, name + 1).starts.length
}
