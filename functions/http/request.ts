import * as z from 'zod'
import { parseTimestamp } from '../touchpoint/timestamp.ts'
import { badRequest } from './problem.ts'

/** Query parameters of every list. */
export const pageParameters = {
  limit: z
    .string()
    .regex(/^\d{1,4}$/, 'a whole number from 1 to 500')
    .transform(Number)
    .pipe(z.number().min(1, 'at least 1').max(500, 'at most 500'))
    .default(50),
  cursor: z.string().optional(),
}

/** A time with offset, as UTC ISO 8601. */
export const timeParameter = z.string().transform((sent, context) => {
  const timestamp = parseTimestamp(sent)
  if (timestamp !== null) return timestamp.utc
  context.issues.push({
    code: 'custom',
    input: sent,
    message: 'a time with offset, such as 2026-11-22T10:15:00Z',
  })
  return z.NEVER
})

/** The query of a route that knows no parameters. */
export const noParameters = z.object({})

/**
 * The query parameters by their schema; any other one, or a wrong value, is a 400 that names it.
 * @param schema made once: the first use of a schema is the slow one
 */
export function parseQuery<T extends z.ZodObject>(
  query: Readonly<Record<string, string>>,
  schema: T,
): z.output<T> {
  const known = Object.keys(schema.shape)
  const unknown = Object.keys(query).find((name) => !known.includes(name))
  if (unknown !== undefined) {
    const allowed = known.length > 0 ? `this route knows ${known.join(', ')}` : 'this route knows none'
    throw badRequest(`the parameter ${unknown} is not known; ${allowed}`)
  }
  const parsed = schema.safeParse(query)
  if (parsed.success) return parsed.data
  const [issue] = parsed.error.issues
  throw badRequest(`the parameter ${issue?.path.join('.')} is not right: ${issue?.message}`)
}

/** A JSON body by its schema; the answer names the field that is wrong, never its value. */
export function parseBody<T>(body: Buffer, schema: z.ZodType<T>): T {
  let json: unknown
  try {
    json = JSON.parse(body.toString('utf8'))
  } catch {
    throw badRequest('the body is not JSON')
  }
  const parsed = schema.safeParse(json)
  if (parsed.success) return parsed.data
  const [issue] = parsed.error.issues
  const field = issue?.path.length ? `the field ${issue.path.join('.')}` : 'the body'
  throw badRequest(`${field} is not right: ${issue?.message}`)
}

/** Where the next page of a list begins, in a form that says nothing to its reader. */
export function writeCursor(position: unknown): string {
  return Buffer.from(JSON.stringify(position)).toString('base64url')
}

export function readCursor<T>(cursor: string | undefined, schema: z.ZodType<T>): T | null {
  if (cursor === undefined) return null
  try {
    return schema.parse(JSON.parse(Buffer.from(cursor, 'base64url').toString()))
  } catch {
    throw badRequest('the cursor is not one that this list gave; leave it out to begin at the start')
  }
}
