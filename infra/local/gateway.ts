import { z } from 'zod'
import { read } from './read-resources.ts'
import type { Resolver } from './template.ts'

const routeSchema = z.discriminatedUnion('AuthorizationType', [
  z.object({ RouteKey: z.string(), Target: z.string(), AuthorizationType: z.literal('NONE') }),
  z.object({
    RouteKey: z.string(),
    Target: z.string(),
    AuthorizationType: z.literal('JWT'),
    AuthorizationScopes: z.array(z.string()).min(1),
  }),
])
const integrationSchema = z.object({ IntegrationUri: z.string(), PayloadFormatVersion: z.literal('2.0') })

const authorizerSchema = z.object({
  AuthorizerType: z.literal('JWT'),
  IdentitySource: z.tuple([z.literal('$request.header.Authorization')]),
  JwtConfiguration: z.object({ Issuer: z.string(), Audience: z.array(z.string()).min(1) }),
})

const stageSchema = z.object({
  DefaultRouteSettings: z.object({ ThrottlingRateLimit: z.number(), ThrottlingBurstLimit: z.number() }),
})

const apiSchema = z.object({
  CorsConfiguration: z
    .object({
      AllowOrigins: z.array(z.string()),
      AllowHeaders: z.array(z.string()),
      AllowMethods: z.array(z.string()),
      MaxAge: z.number(),
    })
    .optional(),
})

export type CorsConfiguration = NonNullable<z.infer<typeof apiSchema>['CorsConfiguration']>

const clientSchema = z.object({
  ClientName: z.string(),
  AllowedOAuthFlows: z.tuple([z.literal('client_credentials')]),
  AllowedOAuthScopes: z.array(z.string()),
  AccessTokenValidity: z.number(),
  TokenValidityUnits: z.object({ AccessToken: z.literal('minutes') }),
})

/** What the templates say of the API, and of who may call it. */
export function describeGateway(resolver: Resolver) {
  const [api] = read(resolver, 'AWS::ApiGatewayV2::Api', apiSchema)
  const [stage] = read(resolver, 'AWS::ApiGatewayV2::Stage', stageSchema)
  const [authorizer] = read(resolver, 'AWS::ApiGatewayV2::Authorizer', authorizerSchema)
  if (!api || !stage || !authorizer)
    throw new Error('The templates have no API with a stage and an authorizer')
  const { Issuer, Audience } = authorizer.properties.JwtConfiguration
  const { ThrottlingRateLimit, ThrottlingBurstLimit } = stage.properties.DefaultRouteSettings
  return {
    routes: routesOf(resolver),
    cors: api.properties.CorsConfiguration,
    throttle: { perSecond: ThrottlingRateLimit, burst: ThrottlingBurstLimit },
    tokens: { url: Issuer, audiences: Audience },
    clients: read(resolver, 'AWS::Cognito::UserPoolClient', clientSchema).map(({ properties }) => ({
      id: properties.ClientName,
      scopes: properties.AllowedOAuthScopes,
      validSeconds: properties.AccessTokenValidity * 60,
    })),
  }
}

function routesOf(resolver: Resolver) {
  const integrations = read(resolver, 'AWS::ApiGatewayV2::Integration', integrationSchema)
  return read(resolver, 'AWS::ApiGatewayV2::Route', routeSchema).map(({ properties }) => {
    const integration = integrations.find(({ name }) => properties.Target === `integrations/${name}`)
    if (!integration) throw new Error(`Route ${properties.RouteKey} leads nowhere`)
    return {
      routeKey: properties.RouteKey,
      functionArn: integration.properties.IntegrationUri,
      scopes: properties.AuthorizationType === 'JWT' ? properties.AuthorizationScopes : undefined,
    }
  })
}
