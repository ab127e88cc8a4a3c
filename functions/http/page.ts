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

/**
 * Bytes of a list in an answer. Lambda hands over at most 6 MB, as JSON in which the body is a string: its quotes and
 * backslashes count twice. https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
 */
const maxListBytes = 2_500_000

/** An entry of a list as it is shown, and the cursor's content for what comes after it. */
export type Entry<T = unknown> = { item: T; position: unknown }

type Page = {
  limit: number
  /** Where the list goes on after the last entry; null: there it ends. */
  goesOnAt?: unknown
  maxBytes?: number
}

/** As many entries as were asked for, or fewer if they are large, with the cursor of the next page. */
export function pageOf<T>(
  entries: readonly Entry<T>[],
  { limit, goesOnAt = null, maxBytes = maxListBytes }: Page,
) {
  const asked = entries.slice(0, limit)
  const page = asked.slice(0, countThatFits(asked, maxBytes))
  const last = page.at(-1)
  const next = page.length < entries.length && last ? last.position : goesOnAt
  return { items: page.map(({ item }) => item), nextCursor: next === null ? null : writeCursor(next) }
}

/** So many of the first entries fit into one answer, at least one. */
export function countThatFits(entries: readonly { item: unknown }[], maxBytes = maxListBytes): number {
  let bytes = 0
  const end = entries.findIndex(({ item }) => {
    bytes += Buffer.byteLength(JSON.stringify(item))
    return bytes > maxBytes
  })
  return end === -1 ? entries.length : Math.max(1, end)
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
