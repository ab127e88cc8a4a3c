import { injectLambdaContext } from '@aws-lambda-powertools/logger/middleware'
import middy from '@middy/core'
import type { Context } from 'aws-lambda'
import { createLakeReader } from './insights/lake.ts'
import { type Refreshed, refresh, refreshSchema } from './insights/refresh.ts'
import { createAthena, createDynamoDB, table } from './runtime/clients.ts'
import { now } from './runtime/clock.ts'
import { environment } from './runtime/environment.ts'
import { logger } from './runtime/telemetry.ts'
import { createInsightsStore } from './store/insights.ts'

const insights = table(createDynamoDB(), environment.insightsTable())
const deps = {
  read: createLakeReader(createAthena(), environment.lake()),
  store: createInsightsStore(insights),
  table: insights,
  now,
}

/** The last step of the state machine of analyses, before it judges how they ended. */
export const handler = middy<unknown, Refreshed, Error, Context>()
  .use(injectLambdaContext(logger))
  .handler(async (event) => {
    const refreshed = await refresh(refreshSchema.parse(event), deps)
    for (const run of refreshed.runs) logger.info('a run was brought', run)
    return refreshed
  })
