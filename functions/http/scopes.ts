/** What a caller may do, an area each; a token names them behind the resource server, `omnijourney/events:write`. */
export const scopes = [
  'events:write',
  'customers:read',
  'customers:write',
  'insights:read',
  'campaigns:write',
  'operations',
] as const

export type Scope = (typeof scopes)[number]

export const resourceServer = 'omnijourney'

/** A scope as tokens name it (Amazon Cognito: `<resource server>/<scope>`). */
export const tokenScope = (scope: Scope): string => `${resourceServer}/${scope}`
