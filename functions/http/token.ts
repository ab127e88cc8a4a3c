import type { JWTPayload } from 'jose'
import {
  JOSEAlgNotAllowed,
  JOSEError,
  JWKSNoMatchingKey,
  JWSSignatureVerificationFailed,
  JWTClaimValidationFailed,
  JWTExpired,
} from 'jose/errors'
import { jwtVerify } from 'jose/jwt/verify'
import { createIssuerKeys } from './issuer-keys.ts'

/** Whose tokens are taken, and for whom they have to be made out. */
export interface Issuer {
  url: string
  audiences: readonly string[]
  /** Where Cognito is, if it is not Amazon's own. */
  endpoint?: string | undefined
}

export type Verdict =
  | { kind: 'valid'; claims: JWTPayload; scopes: string[] }
  /** `detail` says what is wrong and nothing of what is in the token. */
  | { kind: 'refused'; detail: string }

export type TokenVerifier = (authorization: string | undefined) => Promise<Verdict>

/** All that API Gateway takes, and its rules for claims ("Control access to HTTP APIs with JWT authorizers"). */
const algorithms = ['RS256', 'RS384', 'RS512']
/** Clocks differ a little. */
const toleranceSeconds = 10

/** @throws IssuerUnavailable */
export function createTokenVerifier({ url, audiences, endpoint }: Issuer): TokenVerifier {
  const keys = createIssuerKeys(url, endpoint)
  const options = { issuer: url, algorithms, clockTolerance: toleranceSeconds, requiredClaims: ['exp'] }
  return async (authorization) => {
    if (authorization === undefined) return refused('a token is wanted: the header authorization: Bearer …')
    const [, token] = /^bearer +([^ ]+)$/i.exec(authorization.trim()) ?? []
    if (token === undefined) return refused('the header authorization is not Bearer and a token')
    try {
      const { payload } = await jwtVerify(token, keys, options)
      const wrong = wrongClaim(payload, audiences)
      return wrong ? refused(wrong) : { kind: 'valid', claims: payload, scopes: scopesOf(payload) }
    } catch (error) {
      if (error instanceof JOSEError) return refused(reasonOf(error))
      throw error
    }
  }
}

const refused = (detail: string): Verdict => ({ kind: 'refused', detail })

function wrongClaim({ aud, client_id, iat, token_use }: JWTPayload, audiences: readonly string[]) {
  const named = [aud ?? client_id].flat()
  if (!named.some((one) => typeof one === 'string' && audiences.includes(one)))
    return 'the token is made out for another audience'
  if (iat !== undefined && iat > Date.now() / 1000 + toleranceSeconds) return 'the token is not valid yet'
  // Cognito signs the tokens that say who somebody is with keys of the same issuer.
  if (token_use !== undefined && token_use !== 'access') return 'the token is not an access token'
  return undefined
}

function reasonOf(error: JOSEError): string {
  if (error instanceof JWTExpired) return 'the token has expired'
  if (error instanceof JOSEAlgNotAllowed) return `the token is not signed with ${algorithms.join(', ')}`
  if (error instanceof JWKSNoMatchingKey)
    return 'the token is signed with a key that the issuer does not have'
  if (error instanceof JWSSignatureVerificationFailed) return 'the signature of the token is not right'
  if (!(error instanceof JWTClaimValidationFailed)) return 'the token is not a signed JSON Web Token'
  if (error.claim === 'iss') return 'the token is of another issuer'
  if (error.claim === 'nbf' && error.reason === 'check_failed') return 'the token is not valid yet'
  return `the claim ${error.claim} of the token is not right`
}

function scopesOf({ scope, scp }: JWTPayload): string[] {
  return [scope, scp].flat().flatMap((one) => (typeof one === 'string' ? one.split(' ').filter(Boolean) : []))
}
