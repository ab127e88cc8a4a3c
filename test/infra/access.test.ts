import { Match } from 'aws-cdk-lib/assertions'
import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { scopes } from '../../functions/http/scopes.ts'
import { synthesize } from './synthesized.ts'

const till = { name: 'till-4', scopes: ['events:write'] }
const shop = { name: 'shop', scopes: ['events:write', 'customers:read'] }
const withClients = (...clients: object[]) => synthesize({ access: { clients } })

const origins = ['https://shop.example.org']
const usual = synthesize({ access: { clients: [till, shop] } }, { checked: true })
const other = synthesize({ removalPolicy: 'destroy', api: { requestsPerSecond: 7, burst: 9, origins } })

describe('who may call', () => {
  const { stateful, stateless } = usual

  test('is kept in a pool that nobody can sign up to or delete by mistake', () => {
    stateful.hasResource('AWS::Cognito::UserPool', {
      DeletionPolicy: 'Retain',
      Properties: {
        AdminCreateUserConfig: { AllowAdminCreateUserOnly: true },
        DeletionProtection: 'ACTIVE',
        MfaConfiguration: 'ON',
        UserPoolTier: 'LITE',
      },
    })
    other.stateful.hasResource('AWS::Cognito::UserPool', {
      DeletionPolicy: 'Delete',
      Properties: { DeletionProtection: 'INACTIVE' },
    })
  })

  test('is told apart by scopes, an area each', () => {
    stateful.hasResourceProperties('AWS::Cognito::UserPoolResourceServer', {
      Identifier: 'omnijourney',
      Scopes: Match.arrayWith(scopes.map((ScopeName) => Match.objectLike({ ScopeName }))),
    })
  })

  test('is a client with its own scopes and a token for a day', () => {
    stateful.hasResourceProperties('AWS::Cognito::UserPoolClient', {
      ClientName: 'till-4',
      GenerateSecret: true,
      AllowedOAuthFlows: ['client_credentials'],
      AllowedOAuthScopes: [{ 'Fn::Join': ['', [Match.anyValue(), '/events:write']] }],
      AccessTokenValidity: 24 * 60,
      TokenValidityUnits: { AccessToken: 'minutes' },
      EnableTokenRevocation: true,
      PreventUserExistenceErrors: 'ENABLED',
    })
    stateful.resourceCountIs('AWS::Cognito::UserPoolClient', 2)
  })

  test('stays the same client wherever it stands in the list', () => {
    const clientsOf = (...clients: object[]) =>
      Object.entries(withClients(...clients).stateful.findResources('AWS::Cognito::UserPoolClient'))
        .map(([id, { Properties }]) => `${id} ${Properties.ClientName}`)
        .sort()
    expect(clientsOf(shop, till)).toEqual(clientsOf(till, shop))
    expect(clientsOf(till, shop)).toEqual(expect.arrayContaining(clientsOf(shop)))
  })

  test('can be taken from the list: nothing of the pool is exported', () => {
    const outputs = Object.entries(stateful.findOutputs('*'))
    const exported = outputs.filter(([name, { Export }]) => name.includes('UserPool') && Export)
    expect(exported).toEqual([])
    expect(JSON.stringify(stateless.toJSON())).toContain('Fn::GetStackOutput')
  })

  test('finds the token endpoint and its id, but no secret, among the outputs', () => {
    const names = Object.keys(stateful.findOutputs('*'))
    expect(names).toEqual(expect.arrayContaining(['IssuerUrl', 'TokenEndpoint']))
    expect(names.filter((name) => /ClientId(till4|shop)/.test(name))).toHaveLength(2)
    expect(JSON.stringify(stateful.toJSON())).not.toContain('ClientSecret"')
  })

  test('without any client is nobody', () => {
    other.stateless.hasResourceProperties('AWS::ApiGatewayV2::Authorizer', {
      JwtConfiguration: { Audience: ['no-client'] },
    })
  })

  test('may be for another issuer to say, and then there is no pool', () => {
    const issuer = 'https://login.example.org/retail'
    const theirs = synthesize({ access: { issuer, audiences: ['journeys'] } }, { checked: true })
    theirs.stateful.resourceCountIs('AWS::Cognito::UserPool', 0)
    theirs.stateless.hasResourceProperties('AWS::ApiGatewayV2::Authorizer', {
      JwtConfiguration: { Issuer: issuer, Audience: ['journeys'] },
    })
    theirs.stateless.hasResourceProperties('AWS::Lambda::Function', {
      Environment: {
        Variables: { POWERTOOLS_SERVICE_NAME: 'collect', ISSUER: issuer, AUDIENCES: '["journeys"]' },
      },
    })
  })
})

describe('the API', () => {
  const { stateless } = usual

  test('asks on each route for a token with its scope, but where the function does', () => {
    const routeSchema = z.object({
      RouteKey: z.string(),
      AuthorizationType: z.string(),
      AuthorizationScopes: z.array(z.string()).default([]),
    })
    const routes = Object.values(stateless.findResources('AWS::ApiGatewayV2::Route'))
    const told = routes
      .map(({ Properties }) => routeSchema.parse(Properties))
      .map((route) => `${route.RouteKey}: ${route.AuthorizationType} ${route.AuthorizationScopes}`.trim())
    expect(told.sort()).toEqual([
      'DELETE /v1/identifiers/shared: JWT omnijourney/operations',
      'GET /v1/campaigns/{id}: JWT omnijourney/insights:read',
      'GET /v1/campaigns: JWT omnijourney/insights:read',
      'GET /v1/customers/{personId}/identity: JWT omnijourney/customers:read',
      'GET /v1/customers/{personId}/journeys: JWT omnijourney/customers:read',
      'GET /v1/customers/{personId}/merges: JWT omnijourney/customers:read',
      'GET /v1/customers/{personId}/orders: JWT omnijourney/customers:read',
      'GET /v1/customers/{personId}/timeline: JWT omnijourney/customers:read',
      'GET /v1/customers/{personId}: JWT omnijourney/customers:read',
      'GET /v1/insights/{kind}: JWT omnijourney/insights:read',
      'GET /v1/orders/{orderId+}: JWT omnijourney/customers:read',
      'GET /v1/quarantine/{id}: JWT omnijourney/operations',
      'GET /v1/quarantine: JWT omnijourney/operations',
      'POST /v1/customers/lookup: JWT omnijourney/customers:read',
      'POST /v1/customers/{personId}/merges/{mergeId}/undo: JWT omnijourney/operations',
      'POST /v1/customers/{personId}/merges: JWT omnijourney/operations',
      'POST /v1/events: NONE',
      'PUT /v1/campaigns/{id}: JWT omnijourney/campaigns:write',
      'PUT /v1/identifiers/shared: JWT omnijourney/operations',
    ])
  })

  test('takes no more requests than its profile says, or the configuration', () => {
    stateless.hasResourceProperties('AWS::ApiGatewayV2::Stage', {
      DefaultRouteSettings: { ThrottlingRateLimit: 50, ThrottlingBurstLimit: 100 },
    })
    other.stateless.hasResourceProperties('AWS::ApiGatewayV2::Stage', {
      DefaultRouteSettings: { ThrottlingRateLimit: 7, ThrottlingBurstLimit: 9 },
    })
  })

  test('is for web pages that are named, and then without credentials', () => {
    stateless.hasResourceProperties('AWS::ApiGatewayV2::Api', { CorsConfiguration: Match.absent() })
    other.stateless.hasResourceProperties('AWS::ApiGatewayV2::Api', {
      CorsConfiguration: {
        AllowOrigins: origins,
        AllowHeaders: ['authorization', 'content-type', 'content-encoding'],
        AllowMethods: ['GET', 'POST', 'PUT', 'DELETE'],
        MaxAge: 86_400,
        AllowCredentials: Match.absent(),
      },
    })
  })
})
