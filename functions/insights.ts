import { apiHandler } from './http/api.ts'
import { insightRoutes } from './insights/routes.ts'
import { createAthena, createDynamoDB, table } from './runtime/clients.ts'
import { environment } from './runtime/environment.ts'
import { createInsightsStore } from './store/insights.ts'

/** Less than the 29 seconds of the function, so that who asks is told. */
const patienceMs = 24_000

export const handler = apiHandler(
  insightRoutes({
    store: createInsightsStore(table(createDynamoDB(), environment.insightsTable())),
    athena: createAthena(),
    lake: environment.lake(),
    patienceMs,
  }),
)
