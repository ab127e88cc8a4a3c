export interface Match extends Route {
  /** Decoded. */
  parameters: Record<string, string>
}

export interface Route {
  routeKey: string
  functionArn: string
  /** Any of them has to be in the caller's token; undefined where the gateway does not look at it. */
  scopes?: readonly string[] | undefined
}

/** Finds the route of a request as API Gateway does: a literal path wins over one with parameters. */
export function createRouter(routes: Route[]): (method: string, path: string) => Match | undefined {
  const compiled = routes.map(compile).sort((a, b) => a.variables - b.variables)
  return (method, path) => {
    const segments = path.split('/').map(decode)
    for (const route of compiled) {
      if (route.method !== method && route.method !== 'ANY') continue
      const parameters = bind(route.segments, segments)
      if (parameters) return { ...route.route, parameters }
    }
    return undefined
  }
}

function compile(route: Route) {
  const { routeKey } = route
  const [method = '', path = ''] = routeKey.split(' ')
  const segments = path.split('/')
  const isGreedy = (segment: string) => segment.endsWith('+}')
  if (!path || segments.slice(0, -1).some(isGreedy))
    throw new Error(`The local runtime does not know the route ${routeKey}`)
  // One that takes all the rest stands behind those that take a segment each.
  const greedy = segments.some(isGreedy) ? 100 : 0
  return { route, method, segments, variables: segments.filter(variableOf).length + greedy }
}

function bind(pattern: string[], segments: string[]) {
  const isGreedy = pattern.at(-1)?.endsWith('+}') ?? false
  if (isGreedy ? segments.length < pattern.length : segments.length !== pattern.length) return undefined
  const parameters: Record<string, string> = {}
  for (const [at, expected] of pattern.entries()) {
    const isRest = isGreedy && at === pattern.length - 1
    const segment = isRest ? segments.slice(at).join('/') : (segments[at] ?? '')
    const name = variableOf(expected)
    if (name === undefined && expected !== segment) return undefined
    if (name !== undefined && segment === '') return undefined
    if (name !== undefined) parameters[name] = segment
  }
  return parameters
}

function variableOf(segment: string) {
  return /^\{(.+?)\+?\}$/.exec(segment)?.[1]
}

function decode(segment: string) {
  try {
    return decodeURIComponent(segment)
  } catch {
    return segment
  }
}
