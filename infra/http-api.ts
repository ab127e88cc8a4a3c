import { RemovalPolicy } from 'aws-cdk-lib'
import { AccessLogField, AccessLogFormat } from 'aws-cdk-lib/aws-apigateway'
import { HttpApi, type HttpMethod, HttpStage, LogGroupLogDestination } from 'aws-cdk-lib/aws-apigatewayv2'
import { HttpIamAuthorizer } from 'aws-cdk-lib/aws-apigatewayv2-authorizers'
import { HttpLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations'
import type { IFunction } from 'aws-cdk-lib/aws-lambda'
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs'
import type { Construct } from 'constructs'

export interface Route {
  method: HttpMethod
  path: string
  handler: IFunction
}

/** The public API; every route asks for a request signed by a principal of the account that may invoke it. */
export function createHttpApi(scope: Construct, routes: Route[]) {
  const api = new HttpApi(scope, 'Api', {
    createDefaultStage: false,
    defaultAuthorizer: new HttpIamAuthorizer(),
  })
  const accessLogs = new LogGroup(scope, 'ApiLogs', {
    retention: RetentionDays.ONE_MONTH,
    removalPolicy: RemovalPolicy.DESTROY,
  })
  const stage = new HttpStage(scope, 'ApiStage', {
    httpApi: api,
    stageName: '$default',
    autoDeploy: true,
    throttle: { rateLimit: 500, burstLimit: 1000 },
    accessLogSettings: { destination: new LogGroupLogDestination(accessLogs), format: accessLogFormat() },
  })
  const integrations = new Map<IFunction, HttpLambdaIntegration>()
  for (const { method, path, handler } of routes) {
    const integration = integrations.get(handler) ?? new HttpLambdaIntegration(handler.node.id, handler)
    integrations.set(handler, integration)
    api.addRoutes({ path, methods: [method], integration })
  }
  return { api, stage }
}

/** The route, not the path, and no address: neither who asked nor about whom is written down. */
function accessLogFormat() {
  return AccessLogFormat.custom(
    JSON.stringify({
      requestId: AccessLogField.contextRequestId(),
      requestTime: AccessLogField.contextRequestTime(),
      routeKey: AccessLogField.contextRouteKey(),
      status: AccessLogField.contextStatus(),
      responseLength: AccessLogField.contextResponseLength(),
      responseLatencyMs: AccessLogField.contextResponseLatency(),
      integrationError: AccessLogField.contextIntegrationErrorMessage(),
    }),
  )
}
