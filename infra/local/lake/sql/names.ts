import { syntaxError } from './query-failure.ts'
import type { Token } from './tokens.ts'

/** A name of up to three parts, and where it stands. */
export interface QualifiedName {
  parts: string[]
  at: number
}

/** @returns the name that begins there, and what follows it */
export function readName(
  sql: string,
  tokens: readonly Token[],
  from: number,
): QualifiedName & { next: number } {
  const parts: string[] = []
  for (let at = from; ; at += 2) {
    const { kind, text, is, start } = tokens[at] ?? {
      kind: 'symbol',
      text: '',
      is: '<EOF>',
      start: sql.length,
    }
    if (kind !== 'word' && kind !== 'quoted') throw syntaxError(sql, start, is)
    parts.push(kind === 'quoted' ? text.slice(1, -1).replaceAll('""', '"') : text)
    if (tokens[at + 1]?.is !== '.') return { parts, at: tokens[from]?.start ?? 0, next: at + 1 }
  }
}
