import { createRulesReader } from './customers/folded.ts'
import { customerRoutes } from './customers/routes.ts'
import { apiHandler } from './http/api.ts'
import { createBindingCache } from './identity/binding-cache.ts'
import { createSegmentsReader } from './insights/segments.ts'
import { createDynamoDB, readHmacKeys, table } from './runtime/clients.ts'
import { now } from './runtime/clock.ts'
import { configuredModel } from './runtime/configured-model.ts'
import { environment } from './runtime/environment.ts'
import { once } from './runtime/once.ts'
import { createCustomerStore } from './store/customer.ts'
import { createIdentityStore } from './store/identity.ts'
import { createIdentityAudit } from './store/identity-audit.ts'
import { createInsightsStore } from './store/insights.ts'
import { createJourneyStore } from './store/journeys.ts'
import { createRulesStore } from './store/rules.ts'
import { createTouchpointStore } from './store/touchpoints.ts'

const settings = environment.settings()
const dynamodb = createDynamoDB()
const identityTable = table(dynamodb, environment.identityTable())
const journeysTable = table(dynamodb, environment.journeysTable())
const insightsTable = table(dynamodb, environment.insightsTable())
const identity = createIdentityStore(identityTable)
const { currency } = settings
const model = configuredModel()

export const handler = apiHandler(
  customerRoutes({
    model,
    currency,
    rulesOf: createRulesReader({ model, currency }, createRulesStore(journeysTable)),
    identity,
    audit: createIdentityAudit(identityTable),
    customers: createCustomerStore(identityTable, journeysTable),
    journeys: createJourneyStore(journeysTable),
    touchpoints: createTouchpointStore(table(dynamodb, environment.touchpointsTable())),
    segmentsOf: createSegmentsReader({ store: createInsightsStore(insightsTable), now }),
    now,
    // What only lookups need is loaded with the first.
    lookups: once(async () => {
      const { createIdentifierNormaliser } = await import('./identity/identifier.ts')
      return {
        identity,
        cache: createBindingCache(),
        normalise: createIdentifierNormaliser(settings),
        settings,
        hmacKeys: await readHmacKeys(environment.hmacSecretArn()),
        keepAnchors: settings.keepAnchors,
      }
    }),
  }),
)
