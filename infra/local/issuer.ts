import { randomUUID } from 'node:crypto'
import { createServer, type IncomingMessage } from 'node:http'
import { text } from 'node:stream/consumers'
import { SignJWT } from 'jose'
import { scopes as allScopes, tokenScope } from '../../functions/http/scopes.ts'
import type { Issuer } from '../../functions/http/token.ts'
import { type HttpAnswer, jsonAnswer } from './http-event.ts'
import { openClients } from './issuer-clients.ts'
import { openKey } from './issuer-key.ts'
import { host } from './ports.ts'
import { at } from './servers.ts'
import type { System } from './system.ts'
import { place } from './template.ts'
import { answerToken } from './token-endpoint.ts'

/** What tokens of this machine say they are from: the same wherever it listens. */
export const localIssuerUrl = `https://cognito-idp.${place.region}.amazonaws.com/${place.userPoolId}`

export const isLocal = ({ url }: Issuer) => url === localIssuerUrl

export const issuerAddress = (port: number) => `${at(port)}/${place.userPoolId}`
export const tokenEndpoint = (port: number) => `${at(port)}/oauth2/token`

export interface IssuerOptions {
  port: number
  directory: string
  system: Pick<System, 'clients' | 'tokens'>
}

interface Grant {
  clientId: string
  scopes: readonly string[]
  validSeconds: number
  /** Cognito's tokens for clients have none. */
  audience?: string | undefined
}

const day = 24 * 60 * 60

/** As much of Cognito as it takes to give tokens to clients, and to verify them. */
export async function serveIssuer({ port, directory, system }: IssuerOptions) {
  const key = await openKey(directory)
  const clients = openClients(system.clients, directory)

  async function sign({ clientId, scopes, validSeconds, audience }: Grant) {
    const now = Math.floor(Date.now() / 1000)
    const scope = scopes.join(' ')
    const claims = { token_use: 'access', scope, auth_time: now, version: 2, client_id: clientId }
    const token = new SignJWT(claims)
      .setProtectedHeader({ alg: key.algorithm, kid: key.published.kid })
      .setIssuer(localIssuerUrl)
      .setSubject(clientId)
      .setJti(randomUUID())
      .setIssuedAt(now)
      .setExpirationTime(now + validSeconds)
    if (audience !== undefined) token.setAudience(audience)
    return token.sign(key.privateKey)
  }

  const documents = new Map<string, object>([
    [
      `/${place.userPoolId}/.well-known/openid-configuration`,
      {
        issuer: localIssuerUrl,
        jwks_uri: `${issuerAddress(port)}/.well-known/jwks.json`,
        token_endpoint: tokenEndpoint(port),
        grant_types_supported: ['client_credentials'],
        id_token_signing_alg_values_supported: [key.algorithm],
      },
    ],
    [`/${place.userPoolId}/.well-known/jwks.json`, { keys: [key.published] }],
  ])

  async function answer(request: IncomingMessage): Promise<HttpAnswer> {
    const [path = ''] = (request.url ?? '').split('?')
    const document = request.method === 'GET' ? documents.get(path) : undefined
    if (document) return jsonAnswer(200, document)
    if (request.method !== 'POST' || path !== '/oauth2/token')
      return jsonAnswer(404, { message: `there is no ${request.method} ${path}` })
    return answerToken(
      { authorization: request.headers.authorization, body: await text(request) },
      {
        clients,
        sign: ({ id, validSeconds }, scopes) => sign({ clientId: id, scopes, validSeconds }),
      },
    )
  }

  const server = createServer((request, response) => {
    answer(request).then(
      ({ status, headers, body }) => response.writeHead(status, headers).end(body),
      () => response.destroy(),
    )
  })
  server.keepAliveTimeout = 0
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, host, resolve)
  })
  return {
    clients,
    /** For who asks without a token where none is wanted: may do everything. */
    signOwn: () =>
      sign({
        clientId: 'local',
        scopes: allScopes.map(tokenScope),
        validSeconds: day,
        audience: system.tokens.audiences[0],
      }),
    async close() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
