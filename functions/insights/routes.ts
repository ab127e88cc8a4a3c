import { ok, type Route } from '../http/api.ts'
import { notFound } from '../http/problem.ts'
import { parseQuery } from '../http/request.ts'
import { insightKinds } from './kind.ts'
import { type InsightsDeps, listInsights } from './list.ts'

/** What analyses have found, by the route's key. */
export const insightRoutes = (deps: InsightsDeps): Record<string, Route> => ({
  'GET /v1/insights/{kind}': async ({ path, query }) => {
    const kind = insightKinds.find(({ name }) => name === path.kind)
    if (!kind) {
      const names = insightKinds.map(({ name }) => name).join(', ')
      throw notFound(`there are no insights of this kind; there are ${names}`)
    }
    return ok(await listInsights(kind, parseQuery(query, kind.parameters), deps))
  },
})
