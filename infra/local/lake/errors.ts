import { z } from 'zod'
import type { EditedSql } from './sql/edits.ts'
import { QueryFailure } from './sql/query-failure.ts'

const errorSchema = z.object({
  exception_type: z.string(),
  exception_message: z.string(),
  error_subtype: z.string().optional(),
  position: z.coerce.number().optional(),
  name: z.string().optional(),
  type: z.string().optional(),
})

interface Place {
  /** As it was given. */
  given: string
  run: EditedSql
}

/** What DuckDB, asked for errors as JSON, says was wrong, in Athena's words. */
export function failureOf(error: unknown, { given, run }: Place): QueryFailure {
  if (error instanceof QueryFailure) return error
  const text = error instanceof Error ? error.message : String(error)
  const parsed = errorSchema.safeParse(jsonIn(text))
  if (!parsed.success) return new QueryFailure('GENERIC_INTERNAL_ERROR', firstLine(text))
  const { exception_type: type, exception_message: message, position } = parsed.data
  const at = position === undefined ? undefined : run.placeOf(position)
  const fail = (code: string, said: string) => new QueryFailure(code, said, { sql: given, at })
  const bare = (code: string, said: string) => new QueryFailure(code, said)
  for (const [pattern, answer] of wordings) {
    const found = pattern.exec(message)
    if (found) return answer({ fail, bare, found, written: writtenAt(given, at) })
  }
  const code = codes[type]
  return code === undefined ? fail('SYNTAX_ERROR', firstLine(message)) : bare(code, firstLine(message))
}

interface Told {
  fail(code: string, said: string): QueryFailure
  /** Of what the values do, not of a place in the SQL. */
  bare(code: string, said: string): QueryFailure
  found: RegExpExecArray
  /** The name with its dots that stands where the error is. */
  written: string
}

const unresolved = ({ fail, written, found }: Told) =>
  fail(
    'COLUMN_NOT_FOUND',
    `Column '${written || found[1]}' cannot be resolved or requester is not authorized to access requested resources`,
  )

/** By what DuckDB's messages begin with; how Trino words the same is known from Trino 476. */
const wordings: readonly (readonly [RegExp, (told: Told) => QueryFailure])[] = [
  [/^Referenced column "(.*)" (?:was )?not found/, unresolved],
  [/^Referenced table "(.*)" not found/, unresolved],
  [/^Table "(.*)" does not have a column named/, unresolved],
  [
    /^Ambiguous reference to column name "(.*)" \(/,
    ({ fail, found }) => fail('AMBIGUOUS_NAME', `Column '${found[1]}' is ambiguous`),
  ],
  [
    /^column "?(.*?)"? must appear in the GROUP BY clause/,
    ({ fail, found }) =>
      fail(
        'EXPRESSION_NOT_AGGREGATE',
        `'${found[1]}' must be an aggregate expression or appear in GROUP BY clause`,
      ),
  ],
  [
    /^(?:No function matches the given name and argument types|Macro|Could not choose a best candidate function for the function call) [`'"]?([^(]*)\((.*?)\)/,
    ({ fail, found }) =>
      /^\W+$/.test(found[1] ?? '')
        ? fail('TYPE_MISMATCH', `Cannot apply operator: ${namesOf(found[2]).join(` ${found[1]} `)}`)
        : fail(
            'FUNCTION_NOT_FOUND',
            `Unexpected parameters (${namesOf(found[2]).join(', ')}) for function ${found[1]}`,
          ),
  ],
  [
    /^Could not convert string '(.*)' to (\S+)/,
    ({ bare, found }) =>
      bare('INVALID_CAST_ARGUMENT', `Cannot cast '${found[1]}' to ${typeNames[found[2] ?? ''] ?? found[2]}`),
  ],
  [
    /^More than one row returned by a subquery/,
    ({ bare }) => bare('SUBQUERY_MULTIPLE_ROWS', 'Scalar sub-query has returned multiple rows'),
  ],
  [
    /^Cannot extract field/,
    ({ fail, written }) => fail('TYPE_MISMATCH', `Expression ${written.split('.')[0]} is not of type ROW`),
  ],
  [
    /^(?:Conflict|.*[Tt]ransaction conflict)/,
    ({ bare }) =>
      bare('ICEBERG_COMMIT_ERROR', 'Failed to commit Iceberg update to table: it was changed meanwhile'),
  ],
]

const codes: Readonly<Record<string, string>> = {
  'Out of Range': 'NUMERIC_VALUE_OUT_OF_RANGE',
  Conversion: 'INVALID_CAST_ARGUMENT',
  'Invalid Input': 'INVALID_FUNCTION_ARGUMENT',
  'Out of Memory': 'EXCEEDED_LOCAL_MEMORY_LIMIT',
  'Not implemented': 'NOT_SUPPORTED',
  Permission: 'PERMISSION_DENIED',
  Constraint: 'CONSTRAINT_VIOLATION',
  IO: 'GENERIC_INTERNAL_ERROR',
  INTERNAL: 'GENERIC_INTERNAL_ERROR',
}

const typeNames: Readonly<Record<string, string>> = {
  INT8: 'TINYINT',
  INT16: 'SMALLINT',
  INT32: 'INT',
  INT64: 'BIGINT',
  INTEGER_LITERAL: 'integer',
  STRING_LITERAL: 'varchar',
}

const namesOf = (list: string | undefined): string[] =>
  (list ?? '').split(', ').map((name) => typeNames[name] ?? name.toLowerCase())

const firstLine = (text: string): string => text.split('\n', 1)[0] ?? ''

function writtenAt(sql: string, at: number | undefined): string {
  if (at === undefined) return ''
  const name = '(?:"[^"]+"|\\w+)'
  return new RegExp(`^${name}(?:\\.${name})*`).exec(sql.slice(at))?.[0].replaceAll('"', '') ?? ''
}

function jsonIn(text: string): unknown {
  try {
    return JSON.parse(text.slice(text.indexOf('{')))
  } catch {
    return undefined
  }
}
