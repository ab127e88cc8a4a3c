import { expect } from 'vitest'
import { z } from 'zod'
import { apiHandler } from '../../functions/http/api.ts'
import { insightRoutes } from '../../functions/insights/routes.ts'
import { toEvent } from '../../infra/local/http-event.ts'
import { context } from '../customers/customer-api.ts'
import { database, workGroup } from '../infra/local/lake/lake-resources.ts'
import type { InsightsWorld } from './insights-world.ts'

const getRemainingTimeInMillis = () => 29_000

export type Parameters = Readonly<Record<string, string | number>>

const listSchema = z.object({
  run: z.object({ runId: z.string() }),
  items: z.array(z.record(z.string(), z.unknown())),
  nextCursor: z.string().nullable(),
})

/** The function insights, wired as in its entry point, called as API Gateway calls it. */
export function createInsightsApi({ store, lake: { athena } }: InsightsWorld, patienceMs = 20_000) {
  const handler = apiHandler(insightRoutes({ store, athena, lake: { database, workGroup }, patienceMs }))
  const ask = async (kind: string, parameters: Parameters = {}) => {
    const query = new URLSearchParams(
      Object.entries(parameters).map(([name, value]): [string, string] => [name, String(value)]),
    ).toString()
    const path = `/v1/insights/${kind}`
    const request = { method: 'GET', path, query, headers: {}, body: Buffer.alloc(0), sourceIp: '127.0.0.1' }
    const match = { routeKey: 'GET /v1/insights/{kind}', functionArn: 'insights', parameters: { kind } }
    const answer = await handler(toEvent(request, match, new Date()), {
      ...context,
      getRemainingTimeInMillis,
    })
    const body: unknown = JSON.parse(answer?.body ?? 'null')
    return { status: answer?.statusCode, body }
  }
  return {
    ask,
    async list(kind: string, parameters: Parameters = {}) {
      const { status, body } = await ask(kind, parameters)
      expect(status, JSON.stringify(body)).toBe(200)
      return listSchema.parse(body)
    },
    async problem(kind: string, parameters: Parameters = {}) {
      const { status, body } = await ask(kind, parameters)
      return { status, ...z.object({ detail: z.string() }).parse(body) }
    },
  }
}
