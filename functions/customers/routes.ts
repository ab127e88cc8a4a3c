import * as z from 'zod'
import { type ApiRequest, ok, type Route } from '../http/api.ts'
import { pageParameters } from '../http/page.ts'
import { noParameters, parseBody, parseQuery } from '../http/request.ts'
import type { Model } from '../journey/model.ts'
import { readCustomer } from './customer.ts'
import { listMerges, showIdentity } from './identity-view.ts'
import { listJourneys, modelParameter } from './journeys.ts'
import { type LookupDeps, lookUp, lookupSchema } from './lookup.ts'
import { type OrderDeps, readOrder } from './order.ts'
import { listOrders } from './orders.ts'
import { type PartsDeps, readParts } from './parts.ts'
import { readPerson } from './person.ts'
import { readWithRecords, showProfile } from './profile.ts'
import { listTimeline, timelineQuery } from './timeline.ts'

export type CustomerRoutesDeps = PartsDeps &
  OrderDeps & {
    model: Model
    /** Once per container: they need a secret. */
    lookups: () => Promise<LookupDeps>
  }

/** What there is to ask about one customer, by the route's key. */
export function customerRoutes({ model, lookups, ...deps }: CustomerRoutesDeps): Record<string, Route> {
  const queries = {
    page: z.object(pageParameters),
    journeys: z.object({ ...pageParameters, model: modelParameter(model) }),
    timeline: timelineQuery(model),
  }
  const idIn = ({ path }: ApiRequest) => path.personId ?? ''
  const customerOf = (request: ApiRequest) => readCustomer(idIn(request), deps.customers)
  const personOf = (request: ApiRequest) => readPerson(idIn(request), deps.identity)
  return {
    'POST /v1/customers/lookup': async ({ query, body }) => {
      parseQuery(query, noParameters)
      const asked = parseBody(body, lookupSchema)
      return ok(await readParts(await lookUp(asked, await lookups()), asked.include ?? [], deps))
    },
    'GET /v1/customers/{personId}': async (request) => {
      parseQuery(request.query, noParameters)
      return ok(await showProfile(await readWithRecords(idIn(request), deps), deps))
    },
    'GET /v1/customers/{personId}/timeline': async (request) => {
      const asked = parseQuery(request.query, queries.timeline)
      return ok(await listTimeline(await customerOf(request), asked, deps))
    },
    'GET /v1/customers/{personId}/journeys': async (request) => {
      const asked = parseQuery(request.query, queries.journeys)
      return ok(await listJourneys(await customerOf(request), asked, deps))
    },
    'GET /v1/customers/{personId}/orders': async (request) => {
      const asked = parseQuery(request.query, queries.page)
      return ok(await listOrders(await customerOf(request), asked, deps))
    },
    'GET /v1/orders/{orderId+}': async ({ path, query }) => {
      parseQuery(query, noParameters)
      return ok(await readOrder(path.orderId ?? '', deps))
    },
    'GET /v1/customers/{personId}/identity': async (request) => {
      parseQuery(request.query, noParameters)
      return ok(await showIdentity(await personOf(request), deps.audit))
    },
    'GET /v1/customers/{personId}/merges': async (request) => {
      const asked = parseQuery(request.query, queries.page)
      return ok(await listMerges(await personOf(request), asked, deps.audit))
    },
  }
}
