import { apiHandler } from '../../functions/http/api.ts'
import { insightRoutes } from '../../functions/insights/routes.ts'
import { toEvent } from '../../infra/local/http-event.ts'
import { context } from '../customers/customer-api.ts'
import { database, workGroup } from '../infra/local/lake/lake-resources.ts'
import type { InsightsWorld } from './insights-world.ts'

/** The function insights, wired as in its entry point, called as API Gateway calls it. */
export function createInsightsApi({ store, lake: { athena } }: InsightsWorld, patienceMs = 20_000) {
  const handler = apiHandler(insightRoutes({ store, athena, lake: { database, workGroup }, patienceMs }))
  return async (kind: string, parameters: Readonly<Record<string, string | number>> = {}) => {
    const query = new URLSearchParams(
      Object.entries(parameters).map(([name, value]): [string, string] => [name, String(value)]),
    ).toString()
    const path = `/v1/insights/${kind}`
    const request = { method: 'GET', path, query, headers: {}, body: Buffer.alloc(0), sourceIp: '127.0.0.1' }
    const match = { routeKey: 'GET /v1/insights/{kind}', functionArn: 'insights', parameters: { kind } }
    const answer = await handler(toEvent(request, match, new Date()), context)
    const body: unknown = JSON.parse(answer?.body ?? 'null')
    return { status: answer?.statusCode, body }
  }
}
