import { JWKSNoMatchingKey } from 'jose/errors'
import { createRemoteJWKSet } from 'jose/jwks/remote'
import type { JWTVerifyGetKey } from 'jose/jwt/verify'
import * as z from 'zod'
import { once } from '../runtime/once.ts'

/** The issuer cannot be asked: nothing can be said about any token, and later it may be different. */
export class IssuerUnavailable extends Error {
  override name = 'IssuerUnavailable'
}

const timeoutMs = 2_000
/** As long as API Gateway keeps them, so that both go on for as long while the issuer is down. */
const keptMs = 2 * 60 * 60 * 1000
/** A key that is not known is looked for no more often, or anyone could have the issuer asked all the time. */
const lookAgainMs = 30_000

const discovery = z.object({ issuer: z.string(), jwks_uri: z.url() })

/** The keys that the issuer says are its own (OpenID Connect Discovery), asked for when the first token comes. */
export function createIssuerKeys(issuer: string, endpoint?: string): JWTVerifyGetKey {
  const find = once(async () => {
    const url = `${addressOf(issuer, endpoint).replace(/\/$/, '')}/.well-known/openid-configuration`
    const response = await fetch(url, { signal: AbortSignal.timeout(timeoutMs) })
    if (!response.ok) throw new Error(`${url} answers ${response.status}`)
    const found = discovery.parse(await response.json())
    if (found.issuer !== issuer) throw new Error(`what is at ${url} is the issuer ${found.issuer}`)
    const options = { timeoutDuration: timeoutMs, cacheMaxAge: keptMs, cooldownDuration: lookAgainMs }
    return createRemoteJWKSet(new URL(found.jwks_uri), options)
  })
  return async (header, token) => {
    if (header.kid === undefined) throw new JWKSNoMatchingKey()
    try {
      return await (await find())(header, token)
    } catch (cause) {
      if (cause instanceof JWKSNoMatchingKey) throw cause
      throw new IssuerUnavailable(`the issuer ${issuer} does not answer as it should`, { cause })
    }
  }
}

function addressOf(issuer: string, endpoint: string | undefined): string {
  const { hostname, pathname } = new URL(issuer)
  return endpoint !== undefined && hostname.startsWith('cognito-idp.')
    ? new URL(pathname, endpoint).href
    : issuer
}
