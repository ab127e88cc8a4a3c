import {
  Aws,
  CfnOutput,
  CrossStackReferences,
  Duration,
  ReferenceStrength,
  RemovalPolicy,
  Validations,
} from 'aws-cdk-lib'
import {
  AccountRecovery,
  FeaturePlan,
  ManagedLoginVersion,
  Mfa,
  OAuthScope,
  ResourceServerScope,
  UserPool,
  type UserPoolResourceServer,
} from 'aws-cdk-lib/aws-cognito'
import type { Construct } from 'constructs'
import { resourceServer, type Scope } from '../functions/http/scopes.ts'
import type { Config } from './config.ts'
import type { Access } from './options.ts'

/** Whose tokens are taken, and for whom they have to be made out. */
export interface Issuer {
  url: string
  /** At least one. What a token names in `aud`, or in `client_id` if it has no `aud`. */
  audiences: string[]
}

export interface AccessOptions {
  config: Config
  removalPolicy: RemovalPolicy
}

type Client = Extract<Access, { clients: unknown }>['clients'][number]

/** An authorizer wants at least one audience; ids of clients have no dash, so this is nobody's. */
const nobody = 'no-client'

const areas: Record<Scope, string> = {
  'events:write': 'Send events',
  'customers:read': 'Ask for customers, their journeys and their orders',
  'customers:write': 'Export and erase customers',
  'insights:read': 'Read what analyses found, and campaigns',
  'campaigns:write': 'Plan campaigns',
  operations: 'Join and part customers by hand, look into quarantine',
}

/** Who may call the API: clients of a pool of this stack, or what an issuer that is there says. */
export function createAccess(scope: Construct, { config, removalPolicy }: AccessOptions): Issuer {
  const { access, prefix } = config
  if ('issuer' in access) return { url: access.issuer, audiences: access.audiences }
  const pool = createPool(scope, { prefix, removalPolicy })
  const { server, scopes } = addScopes(pool)
  const domain = pool.addDomain('Domain', {
    cognitoDomain: { domainPrefix: `${prefix}-${Aws.ACCOUNT_ID}` },
    // The newer one is not in the Lite plan.
    managedLoginVersion: ManagedLoginVersion.CLASSIC_HOSTED_UI,
  })
  const audiences = access.clients.map((client) => {
    const { userPoolClientId } = addClient(pool, { client, server, scopes })
    new CfnOutput(pool, `ClientId-${client.name}`, {
      description: `The id of the client ${client.name}; its secret is in the console and in DescribeUserPoolClient`,
      value: userPoolClientId,
    })
    return userPoolClientId
  })
  // `https://` and this is ProviderURL, in every partition.
  const url = `https://${pool.userPoolProviderName}`
  new CfnOutput(scope, 'IssuerUrl', { value: url })
  new CfnOutput(scope, 'TokenEndpoint', { value: `${domain.baseUrl()}/oauth2/token` })
  return { url, audiences: audiences.length > 0 ? audiences : [nobody] }
}

/** It has no users, only clients. */
function createPool(scope: Construct, options: { prefix: string; removalPolicy: RemovalPolicy }) {
  const { prefix, removalPolicy } = options
  const pool = new UserPool(scope, 'UserPool', {
    userPoolName: prefix,
    featurePlan: FeaturePlan.LITE,
    selfSignUpEnabled: false,
    accountRecovery: AccountRecovery.NONE,
    mfa: Mfa.REQUIRED,
    mfaSecondFactor: { sms: false, otp: true },
    passwordPolicy: {
      minLength: 16,
      requireLowercase: true,
      requireUppercase: true,
      requireDigits: true,
      requireSymbols: true,
    },
    deletionProtection: removalPolicy === RemovalPolicy.RETAIN,
    removalPolicy,
  })
  Validations.of(pool).acknowledge({
    id: 'AwsSolutions-COG8',
    reason: 'The Plus plan watches how people sign in; nobody does here, the pool has machine clients only.',
  })
  // An export holds what is in use: no client could be taken away, nor the pool be given up for another issuer.
  CrossStackReferences.of(pool).produce(ReferenceStrength.WEAK)
  return pool
}

function addScopes(pool: UserPool) {
  const scopes = new Map(
    Object.entries(areas).map(([scopeName, scopeDescription]) => [
      scopeName,
      new ResourceServerScope({ scopeName, scopeDescription }),
    ]),
  )
  const server = pool.addResourceServer('ResourceServer', {
    identifier: resourceServer,
    scopes: [...scopes.values()],
  })
  return { server, scopes }
}

interface ClientOptions {
  client: Client
  server: UserPoolResourceServer
  scopes: ReadonlyMap<string, ResourceServerScope>
}

/** Named by what it is called, wherever it stands in the list. */
function addClient(pool: UserPool, { client, server, scopes }: ClientOptions) {
  const added = pool.addClient(`Client-${client.name}`, {
    userPoolClientName: client.name,
    generateSecret: true,
    oAuth: {
      flows: { clientCredentials: true },
      scopes: client.scopes.flatMap((name) => {
        const scope = scopes.get(name)
        return scope ? [OAuthScope.resourceServer(server, scope)] : []
      }),
    },
    accessTokenValidity: Duration.hours(24),
    enableTokenRevocation: true,
    preventUserExistenceErrors: true,
  })
  CrossStackReferences.of(added).produce(ReferenceStrength.WEAK)
  return added
}
