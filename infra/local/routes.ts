export interface Match {
  routeKey: string
  functionArn: string
  /** Decoded. */
  parameters: Record<string, string>
}

export interface Route {
  routeKey: string
  functionArn: string
}

/** Finds the route of a request as API Gateway does: a literal path wins over one with parameters. */
export function createRouter(routes: Route[]): (method: string, path: string) => Match | undefined {
  const compiled = routes.map(compile).sort((a, b) => a.variables - b.variables)
  return (method, path) => {
    const segments = path.split('/').map(decode)
    for (const route of compiled) {
      if (route.method !== method && route.method !== 'ANY') continue
      const parameters = bind(route.segments, segments)
      if (parameters) return { routeKey: route.routeKey, functionArn: route.functionArn, parameters }
    }
    return undefined
  }
}

function compile({ routeKey, functionArn }: Route) {
  const [method = '', path = ''] = routeKey.split(' ')
  const segments = path.split('/')
  if (!path || path.includes('+}')) throw new Error(`The local runtime does not know the route ${routeKey}`)
  return { routeKey, functionArn, method, segments, variables: segments.filter(variableOf).length }
}

function bind(pattern: string[], segments: string[]) {
  if (pattern.length !== segments.length) return undefined
  const parameters: Record<string, string> = {}
  for (const [at, expected] of pattern.entries()) {
    const segment = segments[at] ?? ''
    const name = variableOf(expected)
    if (name === undefined && expected !== segment) return undefined
    if (name !== undefined && segment === '') return undefined
    if (name !== undefined) parameters[name] = segment
  }
  return parameters
}

function variableOf(segment: string) {
  return /^\{(.+)\}$/.exec(segment)?.[1]
}

function decode(segment: string) {
  try {
    return decodeURIComponent(segment)
  } catch {
    return segment
  }
}
