import type { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import type { Context } from 'aws-lambda'
import { createRulesReader } from '../../functions/customers/folded.ts'
import { customerRoutes } from '../../functions/customers/routes.ts'
import { apiHandler } from '../../functions/http/api.ts'
import { createSegmentsReader } from '../../functions/insights/segments.ts'
import { retail } from '../../functions/journey/model.ts'
import { pause } from '../../functions/runtime/clock.ts'
import { createCustomerStore } from '../../functions/store/customer.ts'
import { createIdentityStore } from '../../functions/store/identity.ts'
import { createIdentityAudit } from '../../functions/store/identity-audit.ts'
import { createInsightsStore } from '../../functions/store/insights.ts'
import { createJourneyStore } from '../../functions/store/journeys.ts'
import { createRulesStore } from '../../functions/store/rules.ts'
import { createTouchpointStore } from '../../functions/store/touchpoints.ts'
import { toEvent } from '../../infra/local/http-event.ts'

/** The function customers, wired as in its entry point, called as API Gateway calls it. */
export function createCustomerApi(client: DynamoDBClient, now: () => Date) {
  const table = (name: string) => ({ client, name, pause })
  const rules = { model: retail, currency: 'EUR' }
  const handler = apiHandler(
    customerRoutes({
      ...rules,
      rulesOf: createRulesReader(rules, createRulesStore(table('journeys'))),
      identity: createIdentityStore(table('identity')),
      audit: createIdentityAudit(table('identity')),
      customers: createCustomerStore(table('identity'), table('journeys')),
      journeys: createJourneyStore(table('journeys')),
      touchpoints: createTouchpointStore(table('touchpoints')),
      segmentsOf: createSegmentsReader({ store: createInsightsStore(table('insights')), now }),
      now,
      lookups: () => Promise.reject(new Error('nobody is looked up here')),
    }),
  )
  return async (route: string, personId: string, query = '') => {
    const [method = '', path = ''] = route.replace('{personId}', personId).split(' ')
    const request = { method, path, query, headers: {}, body: Buffer.alloc(0), sourceIp: '127.0.0.1' }
    const match = { routeKey: route, functionArn: 'customers', parameters: { personId } }
    const answer = await handler(toEvent(request, match, now()), context)
    if (answer?.statusCode !== 200) throw new Error(`${route} answers ${JSON.stringify(answer)}`)
    return answer
  }
}

export const context: Context = {
  callbackWaitsForEmptyEventLoop: false,
  functionName: 'customers',
  functionVersion: '1',
  invokedFunctionArn: 'customers',
  memoryLimitInMB: '512',
  awsRequestId: 'bench',
  logGroupName: 'bench',
  logStreamName: 'bench',
  getRemainingTimeInMillis: () => 1_000,
  done: () => undefined,
  fail: () => undefined,
  succeed: () => undefined,
}
