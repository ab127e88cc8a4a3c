import { IssuerUnavailable } from '../../functions/http/issuer-keys.ts'
import type { TokenVerifier, Verdict } from '../../functions/http/token.ts'
import { type HttpAnswer, jsonAnswer } from './http-event.ts'

/** What a function is told of its caller (payload format 2.0). */
export interface JwtContext {
  jwt: { claims: Record<string, string>; scopes: string[] }
}

export type Decision = { kind: 'passes'; context: JwtContext } | { kind: 'answered'; answer: HttpAnswer }

/** The JWT authorizer of an HTTP API: whether a token is right and has any of the scopes. */
export function createAuthorizer(verify: TokenVerifier) {
  return async (authorization: string | undefined, scopes: readonly string[]): Promise<Decision> => {
    const verdict = await verify(authorization).catch((error: unknown): Verdict => {
      if (!(error instanceof IssuerUnavailable)) throw error
      return { kind: 'refused', detail: error.message }
    })
    if (verdict.kind === 'refused') {
      const invalid = ` scope="" error="invalid_token" error_description="${verdict.detail}"`
      return answered(401, 'Unauthorized', `Bearer${authorization === undefined ? '' : invalid}`)
    }
    if (!scopes.some((scope) => verdict.scopes.includes(scope)))
      return answered(403, 'Forbidden', `Bearer scope="${scopes.join(' ')}" error="insufficient_scope"`)
    const claims = Object.entries(verdict.claims).map(([name, value]) => [name, String(value)])
    return {
      kind: 'passes',
      context: { jwt: { claims: Object.fromEntries(claims), scopes: verdict.scopes } },
    }
  }
}

/** As the gateway answers ("Troubleshooting issues with HTTP API JWT authorizers"). */
function answered(status: number, message: string, challenge: string): Decision {
  const { headers, ...answer } = jsonAnswer(status, { message })
  return { kind: 'answered', answer: { ...answer, headers: { ...headers, 'www-authenticate': challenge } } }
}
