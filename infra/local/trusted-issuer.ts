import type { Issuer } from '../../functions/http/token.ts'
import { localIssuerUrl } from './issuer.ts'
import type { System } from './system.ts'

/** Whose tokens are taken here: another issuer's only where the configuration names one and tokens are asked for. */
export function trustedIssuer(
  { tokens }: Pick<System, 'tokens'>,
  { auth, endpoint }: { auth: boolean; endpoint: string },
): Issuer {
  return auth ? { ...tokens, endpoint } : { ...tokens, url: localIssuerUrl, endpoint }
}
