import { createRulesReader } from './customers/folded.ts'
import { listMerges, showIdentity } from './customers/identity-view.ts'
import { listJourneys, modelParameter } from './customers/journeys.ts'
import { lookUp, lookupSchema, unknownToUs } from './customers/lookup.ts'
import { readOrder } from './customers/order.ts'
import { listOrders } from './customers/orders.ts'
import { readPerson } from './customers/person.ts'
import { showProfile } from './customers/profile.ts'
import { listTimeline, timelineParameters } from './customers/timeline.ts'
import { type ApiRequest, apiHandler, ok } from './http/api.ts'
import { pageParameters, parseBody, parseQuery } from './http/request.ts'
import { createBindingCache } from './identity/binding-cache.ts'
import { createIdentifierNormaliser } from './identity/identifier.ts'
import { createDynamoDB, readHmacKeys, table } from './runtime/clients.ts'
import { now } from './runtime/clock.ts'
import { configuredModel } from './runtime/configured-model.ts'
import { environment } from './runtime/environment.ts'
import { once } from './runtime/once.ts'
import { createIdentityStore } from './store/identity.ts'
import { createIdentityAudit } from './store/identity-audit.ts'
import { createJourneyStore } from './store/journeys.ts'
import { createRulesStore } from './store/rules.ts'
import { createTouchpointStore } from './store/touchpoints.ts'

const settings = environment.settings()
const dynamodb = createDynamoDB()
const identityTable = table(dynamodb, environment.identityTable())
const identity = createIdentityStore(identityTable)
const audit = createIdentityAudit(identityTable)
const journeysTable = table(dynamodb, environment.journeysTable())
const journeys = createJourneyStore(journeysTable)
const touchpoints = createTouchpointStore(table(dynamodb, environment.touchpointsTable()))
const { currency } = settings
const model = configuredModel()
const rulesOf = createRulesReader({ model, currency }, createRulesStore(journeysTable))
const reading = { audit, identity, journeys, touchpoints, rulesOf, currency, now }
const journeysQuery = { ...pageParameters, model: modelParameter(model) }
const timelineQuery = timelineParameters(model)
const lookups = once(async () => ({
  identity,
  cache: createBindingCache(),
  normalise: createIdentifierNormaliser(settings),
  settings,
  hmacKeys: await readHmacKeys(environment.hmacSecretArn()),
  keepAnchors: settings.keepAnchors,
}))

const personOf = ({ path }: ApiRequest) => readPerson(path.personId ?? '', identity)

export const handler = apiHandler({
  'POST /v1/customers/lookup': async (request) => {
    parseQuery(request.query, {})
    const asked = parseBody(request.body, lookupSchema)
    const nodeId = await lookUp(asked, await lookups())
    const parts = asked.include ?? []
    if (parts.length === 0) {
      const personId = (await identity.personIds([nodeId])).get(nodeId)
      if (personId === undefined) throw unknownToUs()
      return ok({ personId })
    }
    const person = await readPerson(nodeId, identity)
    return ok({
      personId: person.personId,
      ...(parts.includes('profile') && { profile: await showProfile(person, reading) }),
      ...(parts.includes('orders') && { orders: (await listOrders(person, { limit: 50 }, reading)).items }),
      ...(parts.includes('journeys') && {
        journeys: (await listJourneys(person, { limit: 50 }, reading)).items,
      }),
    })
  },
  'GET /v1/customers/{personId}': async (request) => {
    parseQuery(request.query, {})
    return ok(await showProfile(await personOf(request), reading))
  },
  'GET /v1/customers/{personId}/timeline': async (request) => {
    const asked = parseQuery(request.query, timelineQuery)
    return ok(await listTimeline(await personOf(request), asked, reading))
  },
  'GET /v1/customers/{personId}/journeys': async (request) => {
    const asked = parseQuery(request.query, journeysQuery)
    return ok(await listJourneys(await personOf(request), asked, reading))
  },
  'GET /v1/customers/{personId}/orders': async (request) => {
    const asked = parseQuery(request.query, pageParameters)
    return ok(await listOrders(await personOf(request), asked, reading))
  },
  'GET /v1/orders/{orderId+}': async (request) => {
    parseQuery(request.query, {})
    return ok(await readOrder(request.path.orderId ?? '', reading))
  },
  'GET /v1/customers/{personId}/identity': async (request) => {
    parseQuery(request.query, {})
    return ok(await showIdentity(await personOf(request), audit))
  },
  'GET /v1/customers/{personId}/merges': async (request) => {
    const asked = parseQuery(request.query, pageParameters)
    return ok(await listMerges(await personOf(request), asked, audit))
  },
})
