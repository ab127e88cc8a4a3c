import { HttpMethod } from 'aws-cdk-lib/aws-apigatewayv2'
import type { IFunction } from 'aws-cdk-lib/aws-lambda'
import type { FunctionName } from './build.ts'
import type { Route } from './http-api.ts'

export type ApiFunction = Extract<
  FunctionName,
  'collect' | 'customers' | 'operations' | 'quarantine' | 'campaigns' | 'insights'
>

const customer = '/v1/customers/{personId}'

/** Which function answers what is asked over HTTP, and what a caller has to be allowed for it. */
export function routesTo({
  collect,
  customers,
  operations,
  quarantine,
  campaigns,
  insights,
}: Record<ApiFunction, IFunction>): Route[] {
  return [
    {
      method: HttpMethod.POST,
      path: '/v1/events',
      handler: collect,
      scope: 'events:write',
      isIngestion: true,
    },
    { method: HttpMethod.POST, path: '/v1/customers/lookup', handler: customers, scope: 'customers:read' },
    { method: HttpMethod.GET, path: customer, handler: customers, scope: 'customers:read' },
    { method: HttpMethod.GET, path: `${customer}/timeline`, handler: customers, scope: 'customers:read' },
    { method: HttpMethod.GET, path: `${customer}/journeys`, handler: customers, scope: 'customers:read' },
    { method: HttpMethod.GET, path: `${customer}/orders`, handler: customers, scope: 'customers:read' },
    { method: HttpMethod.GET, path: '/v1/orders/{orderId+}', handler: customers, scope: 'customers:read' },
    { method: HttpMethod.GET, path: `${customer}/identity`, handler: customers, scope: 'customers:read' },
    { method: HttpMethod.GET, path: `${customer}/merges`, handler: customers, scope: 'customers:read' },
    { method: HttpMethod.POST, path: `${customer}/merges`, handler: operations, scope: 'operations' },
    {
      method: HttpMethod.POST,
      path: `${customer}/merges/{mergeId}/undo`,
      handler: operations,
      scope: 'operations',
    },
    { method: HttpMethod.PUT, path: '/v1/identifiers/shared', handler: operations, scope: 'operations' },
    { method: HttpMethod.DELETE, path: '/v1/identifiers/shared', handler: operations, scope: 'operations' },
    { method: HttpMethod.GET, path: '/v1/quarantine', handler: quarantine, scope: 'operations' },
    { method: HttpMethod.GET, path: '/v1/quarantine/{id}', handler: quarantine, scope: 'operations' },
    { method: HttpMethod.GET, path: '/v1/campaigns', handler: campaigns, scope: 'insights:read' },
    { method: HttpMethod.GET, path: '/v1/campaigns/{id}', handler: campaigns, scope: 'insights:read' },
    { method: HttpMethod.PUT, path: '/v1/campaigns/{id}', handler: campaigns, scope: 'campaigns:write' },
    { method: HttpMethod.GET, path: '/v1/insights/{kind}', handler: insights, scope: 'insights:read' },
  ]
}
