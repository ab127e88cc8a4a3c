import * as z from 'zod'
import { badRequest } from './problem.ts'

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
