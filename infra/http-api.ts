import { Duration, Validations } from 'aws-cdk-lib'
import { AccessLogField, AccessLogFormat } from 'aws-cdk-lib/aws-apigateway'
import {
  CorsHttpMethod,
  type CorsPreflightOptions,
  HttpApi,
  type HttpMethod,
  HttpNoneAuthorizer,
  HttpStage,
  LogGroupLogDestination,
} from 'aws-cdk-lib/aws-apigatewayv2'
import { HttpJwtAuthorizer } from 'aws-cdk-lib/aws-apigatewayv2-authorizers'
import { HttpLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations'
import type { IFunction } from 'aws-cdk-lib/aws-lambda'
import type { Construct } from 'constructs'
import { type Scope, tokenScope } from '../functions/http/scopes.ts'
import type { Config } from './config.ts'
import { createLogGroup } from './log-group.ts'
import type { Stateful } from './stateful.ts'

export interface Route {
  method: HttpMethod
  path: string
  handler: IFunction
  /** What the token of its caller has to have. */
  scope: Scope
  /** Whether the function looks at the token itself, and nobody before it. */
  isIngestion?: boolean
}

interface ApiOptions {
  config: Config
  data: Stateful
  routes: Route[]
}

/** The public API. Its gateway asks for a token on every route, but where the function does that itself. */
export function createHttpApi(scope: Construct, { config, data, routes }: ApiOptions) {
  const { requestsPerSecond, burst, origins } = config.api
  const { url, audiences } = data.access
  const api = new HttpApi(scope, 'Api', {
    apiName: config.prefix,
    createDefaultStage: false,
    defaultAuthorizer: new HttpJwtAuthorizer('Tokens', url, { jwtAudience: audiences }),
    ...(origins.length > 0 && { corsPreflight: corsFor(origins) }),
  })
  const accessLogs = createLogGroup(scope, 'ApiLogs', { config, data, name: 'api', vended: true })
  const stage = new HttpStage(scope, 'ApiStage', {
    httpApi: api,
    stageName: '$default',
    autoDeploy: true,
    throttle: { rateLimit: requestsPerSecond, burstLimit: burst },
    accessLogSettings: { destination: new LogGroupLogDestination(accessLogs), format: accessLogFormat() },
  })
  const integrations = new Map<IFunction, HttpLambdaIntegration>()
  for (const { method, path, handler, scope, isIngestion } of routes) {
    const integration = integrations.get(handler) ?? new HttpLambdaIntegration(handler.node.id, handler)
    integrations.set(handler, integration)
    const access = isIngestion
      ? { authorizer: new HttpNoneAuthorizer() }
      : { authorizationScopes: [tokenScope(scope)] }
    for (const route of api.addRoutes({ path, methods: [method], integration, ...access })) {
      if (!isIngestion) continue
      Validations.of(route).acknowledge({
        id: 'AwsSolutions-APIG4',
        reason:
          'The function verifies the token itself, so that it can also take what browsers and tills have.',
      })
    }
  }
  return { api, stage }
}

/** The gateway answers preflights itself. Callers have tokens, not cookies: credentials are never allowed. */
const corsFor = (origins: string[]): CorsPreflightOptions => ({
  allowOrigins: origins,
  allowHeaders: ['authorization', 'content-type', 'content-encoding'],
  allowMethods: [CorsHttpMethod.GET, CorsHttpMethod.POST, CorsHttpMethod.PUT, CorsHttpMethod.DELETE],
  maxAge: Duration.days(1),
})

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
