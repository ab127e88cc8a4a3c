/** Why a query fails, in Athena's words: a code, mostly a place, and what is wrong there. */
export class QueryFailure extends Error {
  readonly code: string

  /** @param at the character of the SQL where it is wrong */
  constructor(code: string, text: string, { sql, at }: { sql?: string; at?: number | undefined } = {}) {
    super(`${code}: ${sql !== undefined && at !== undefined ? `${placeOf(sql, at)}: ` : ''}${text}`)
    this.code = code
  }
}

/** As Trino counts: lines and columns begin at 1. */
function placeOf(sql: string, at: number): string {
  const before = sql.slice(0, at).split('\n')
  return `line ${before.length}:${(before.at(-1)?.length ?? 0) + 1}`
}

export function syntaxError(sql: string, at: number, found: string): QueryFailure {
  return new QueryFailure('SYNTAX_ERROR', `mismatched input '${found}'`, { sql, at })
}
