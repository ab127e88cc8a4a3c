import type { IncomingHttpHeaders } from 'node:http'
import type { CorsConfiguration } from './gateway.ts'
import type { HttpAnswer } from './http-event.ts'

/** What API Gateway adds for browsers, and answers by itself. */
export function createCors(configuration: CorsConfiguration | undefined) {
  function originHeaders(origin: string | undefined): Record<string, string> {
    const allowed = configuration?.AllowOrigins ?? []
    if (origin === undefined) return {}
    if (allowed.includes('*')) return { 'access-control-allow-origin': '*' }
    return allowed.includes(origin) ? { 'access-control-allow-origin': origin } : {}
  }

  return {
    originHeaders,
    /** Undefined if the request is no preflight. */
    preflight(method: string, headers: IncomingHttpHeaders): HttpAnswer | undefined {
      if (!configuration || method !== 'OPTIONS') return undefined
      if (headers.origin === undefined || !headers['access-control-request-method']) return undefined
      const allowed = originHeaders(headers.origin)
      const { AllowMethods, AllowHeaders, MaxAge } = configuration
      const rest = {
        'access-control-allow-methods': AllowMethods.join(','),
        'access-control-allow-headers': AllowHeaders.join(','),
        'access-control-max-age': String(MaxAge),
      }
      const isAllowed = Object.keys(allowed).length > 0
      return { status: 204, headers: isAllowed ? rest : {}, body: Buffer.alloc(0) }
    },
  }
}
