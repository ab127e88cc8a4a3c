import { readFileSync } from 'node:fs'
import { join } from 'node:path'

/** What a placeholder may stand for. */
export type Literal = string | number | boolean | Date | readonly string[]

/**
 * A statement from a file in the folder of its analysis: `{{name}}` in it stands for a literal of SQL. Athena's own parameters would do for values,
 * but not for what a planner must know, such as the time by which it chooses files.
 * @throws Error if the text names a placeholder that is not given
 */
export function statement(
  analysis: string,
  name: string,
  literals: Readonly<Record<string, Literal>> = {},
): string {
  const text = readFileSync(join(import.meta.dirname, analysis, `${name}.sql`), 'utf8')
  return text.replaceAll(/\{\{(\w+)\}\}/g, (_, placeholder) => {
    const literal = literals[placeholder]
    if (literal === undefined) throw new Error(`${analysis}/${name}.sql: there is no {{${placeholder}}}`)
    return literalText(literal)
  })
}

/** @param literal a list stands between the brackets of `in (…)`; of an empty one nothing is in it */
export function literalText(literal: Literal): string {
  if (literal instanceof Date)
    return `timestamp '${literal.toISOString().replace('T', ' ').replace('Z', '')}000'`
  if (typeof literal === 'string') return quoted(literal)
  if (typeof literal === 'number') return numberText(literal)
  if (typeof literal === 'boolean') return String(literal)
  return literal.length > 0 ? literal.map(quoted).join(', ') : 'null'
}

const quoted = (text: string): string => `'${text.replaceAll("'", "''")}'`

/** Whole numbers as they are, others as doubles: without an exponent Trino would take them for decimals. */
function numberText(value: number): string {
  if (Number.isSafeInteger(value)) return String(value)
  if (!Number.isFinite(value)) throw new RangeError(`${value} is no number of SQL`)
  return value.toExponential()
}
