import type { Edit } from './edits.ts'
import { QueryFailure } from './query-failure.ts'
import { type Token, tokensOf } from './tokens.ts'

/** In place of each `?` its parameter, which is the text of a literal, as in Athena's `ExecutionParameters`. */
export function parameterEdits(sql: string, tokens: readonly Token[], parameters: readonly string[]): Edit[] {
  const places = tokens.filter(({ is, kind }) => kind === 'symbol' && is === '?')
  if (places.length !== parameters.length) {
    const text = `Incorrect number of parameters: expected ${places.length} but found ${parameters.length}`
    throw new QueryFailure('INVALID_PARAMETER_USAGE', text, { sql, at: 0 })
  }
  return places.map(({ start, end }, at) => ({ start, end, text: literal(parameters[at] ?? '', at) }))
}

const literals = [
  /^[+-]? ?number$/,
  /^string$/,
  /^(true|false|null)$/,
  /^(date|time|timestamp|decimal) string$/,
  /^interval [+-]? ?string \w+$/,
]

/** A parameter is a value and never more: what is written in it cannot become a part of the query. */
function literal(text: string, at: number): string {
  const tokens = tokensOf(text)
  const shape = tokens.map(({ kind, is }) => (kind === 'word' || kind === 'symbol' ? is : kind)).join(' ')
  if (!literals.some((pattern) => pattern.test(shape)))
    throw new QueryFailure('INVALID_PARAMETER_USAGE', `Parameter ${at + 1} is no literal: ${text}`)
  // Not as it was written: a comment in it would go on behind it.
  return ` ${tokens.map((token) => token.text).join(' ')} `
}
