import { z } from 'zod'
import type { EditedSql } from './sql/edits.ts'
import { QueryFailure } from './sql/query-failure.ts'
import { wordings } from './wordings.ts'

const errorSchema = z.object({
  exception_type: z.string(),
  exception_message: z.string(),
  position: z.coerce.number().optional(),
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
  const place = { sql: given, at: position === undefined ? undefined : run.placeOf(position) }
  for (const { when, code, says, isOfValues } of wordings) {
    const found = when.exec(message)
    if (found)
      return new QueryFailure(code, says({ found, written: writtenAt(place) }), isOfValues ? {} : place)
  }
  const code = codes[type]
  return code === undefined
    ? new QueryFailure('SYNTAX_ERROR', firstLine(message), place)
    : new QueryFailure(code, firstLine(message))
}

/** Of what values do, by the type of DuckDB's exception. */
const codes: Readonly<Record<string, string>> = {
  'Out of Range': 'NUMERIC_VALUE_OUT_OF_RANGE',
  Conversion: 'INVALID_CAST_ARGUMENT',
  'Invalid Input': 'INVALID_FUNCTION_ARGUMENT',
  'Out of Memory': 'EXCEEDED_LOCAL_MEMORY_LIMIT',
  'Not implemented': 'NOT_SUPPORTED',
  Permission: 'PERMISSION_DENIED',
  IO: 'GENERIC_INTERNAL_ERROR',
  INTERNAL: 'GENERIC_INTERNAL_ERROR',
}

const firstLine = (text: string): string => text.split('\n', 1)[0] ?? ''

function writtenAt({ sql, at }: { sql: string; at: number | undefined }): string {
  if (at === undefined) return ''
  return /^(?:"[^"]+"|\w+)(?:\.(?:"[^"]+"|\w+))*/.exec(sql.slice(at))?.[0].replaceAll('"', '') ?? ''
}

function jsonIn(text: string): unknown {
  try {
    return JSON.parse(text.slice(text.indexOf('{')))
  } catch {
    return undefined
  }
}
