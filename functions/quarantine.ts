import * as z from 'zod'
import { apiHandler, ok } from './http/api.ts'
import { pageParameters, readCursor, timeParameter, writeCursor } from './http/page.ts'
import { notFound } from './http/problem.ts'
import { noParameters, parseQuery } from './http/request.ts'
import { createDynamoDB, table } from './runtime/clients.ts'
import { now } from './runtime/clock.ts'
import { environment } from './runtime/environment.ts'
import { keptDays, quarantineBucket } from './store/quarantine.ts'
import { type QuarantineEntry, readQuarantine } from './store/quarantine-index.ts'
import { rejectionReasons } from './touchpoint/vocabulary.ts'

const touchpoints = table(createDynamoDB(), environment.touchpointsTable())
const bucket = quarantineBucket(environment.quarantineBucket())

const listParameters = z.object({
  ...pageParameters,
  reason: z.enum(rejectionReasons).optional(),
  source: z.string().optional(),
  from: timeParameter.optional(),
  to: timeParameter.optional(),
})
const cursorSchema = z.object({ before: z.string().regex(/^\d{4}-\d\d-/) })

export const handler = apiHandler({
  'GET /v1/quarantine': async ({ query }) => {
    const { limit, cursor, reason, source, ...range } = parseQuery(query, listParameters)
    const oldest = new Date(now().getTime() - keptDays * 86_400_000).toISOString()
    const entries = readQuarantine(touchpoints, {
      from: range.from ?? oldest,
      to: range.to ?? now().toISOString(),
      before: readCursor(cursor, cursorSchema)?.before ?? null,
    })
    const found: QuarantineEntry[] = []
    for await (const entry of entries) {
      const passes = (!reason || entry.reason === reason) && (source === undefined || entry.source === source)
      if (passes) found.push(entry)
      if (found.length > limit) break
    }
    const items = found.slice(0, limit)
    const last = found.length > limit ? items.at(-1) : undefined
    return ok({ items, nextCursor: last ? writeCursor({ before: last.id }) : null })
  },
  'GET /v1/quarantine/{id}': async ({ path, query }) => {
    parseQuery(query, noParameters)
    const id = path.id ?? ''
    const bytes = /^[0-9A-Za-z.-]{20,80}$/.test(id) ? await (await bucket()).get(id) : null
    if (!bytes) throw notFound('there is no record with this id in quarantine; it is kept for 90 days')
    return { status: 200, bytes, contentType: 'application/octet-stream' }
  },
})
