import type { IncomingHttpHeaders } from 'node:http'
import { createTokenVerifier, type Issuer } from '../../functions/http/token.ts'
import { createAuthorizer, type JwtContext } from './authorizer.ts'
import { createCors } from './cors.ts'
import { type HttpAnswer, jsonAnswer } from './http-event.ts'
import type { Route } from './routes.ts'
import type { System } from './system.ts'
import { createThrottle } from './throttle.ts'

export interface GatekeeperOptions {
  system: Pick<System, 'cors' | 'throttle'>
  issuer: Issuer
  /** Where no token is wanted: makes the one that goes with a request without. */
  signOwn?: (() => Promise<string>) | undefined
}

export type Admission =
  | { kind: 'admitted'; headers: IncomingHttpHeaders; authorizer: JwtContext | undefined }
  | { kind: 'answered'; answer: HttpAnswer }

const tooMany = jsonAnswer(429, { message: 'Too Many Requests' })
const ownTokenMs = 60 * 60 * 1000

/** What API Gateway does before it calls a function: throttle, tokens, and what browsers have to be told. */
export function createGatekeeper({ system, issuer, signOwn }: GatekeeperOptions) {
  const authorize = createAuthorizer(createTokenVerifier(issuer))
  const passes = signOwn ? () => true : createThrottle(system.throttle)
  const ownToken = signOwn && keptFor(ownTokenMs, signOwn)

  return {
    ...createCors(system.cors),
    async admit({ routeKey, scopes }: Route, given: IncomingHttpHeaders): Promise<Admission> {
      if (!passes(routeKey)) return { kind: 'answered', answer: tooMany }
      const headers =
        given.authorization === undefined && ownToken
          ? { ...given, authorization: `Bearer ${await ownToken()}` }
          : given
      if (!scopes) return { kind: 'admitted', headers, authorizer: undefined }
      const decision = await authorize(headers.authorization, scopes)
      return decision.kind === 'answered'
        ? decision
        : { kind: 'admitted', headers, authorizer: decision.context }
    },
  }
}

export type Gatekeeper = ReturnType<typeof createGatekeeper>

/** Makes a value anew when it has become old. */
function keptFor<T>(ms: number, make: () => Promise<T>): () => Promise<T> {
  let kept: { value: Promise<T>; untilMs: number } | undefined
  return () => {
    if (!kept || kept.untilMs < Date.now()) kept = { value: make(), untilMs: Date.now() + ms }
    return kept.value
  }
}
