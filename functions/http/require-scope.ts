import { loggable, logger } from '../runtime/telemetry.ts'
import { IssuerUnavailable } from './issuer-keys.ts'
import { forbidden, tooSlow, unauthorized } from './problem.ts'
import { type Scope, tokenScope } from './scopes.ts'
import type { TokenVerifier } from './token.ts'

/**
 * Lets nobody pass without a token that has the scope, on routes where no gateway does that.
 * @throws 401, 403, or 503 if the issuer cannot be asked
 */
export async function requireScope(authorization: string | undefined, scope: Scope, verify: TokenVerifier) {
  const verdict = await verify(authorization).catch((error: unknown) => {
    if (!(error instanceof IssuerUnavailable)) throw error
    logger.error('the issuer of tokens cannot be asked', { error: loggable(error.cause) })
    throw tooSlow('whether the token is right cannot be found out just now; it is safe to try again')
  })
  if (verdict.kind === 'refused') {
    const error =
      authorization === undefined ? '' : ` error="invalid_token", error_description="${verdict.detail}"`
    throw unauthorized(verdict.detail, `Bearer${error}`)
  }
  const wanted = tokenScope(scope)
  if (!verdict.scopes.includes(wanted))
    throw forbidden(
      `the token does not have the scope ${wanted}`,
      `Bearer error="insufficient_scope", scope="${wanted}"`,
    )
}
