export interface Limits {
  perSecond: number
  /** How many may come at once. */
  burst: number
}

/** A bucket of tokens for each route, as API Gateway has them; whether a request may pass. */
export function createThrottle({ perSecond, burst }: Limits, nowMs = () => performance.now()) {
  const buckets = new Map<string, { tokens: number; atMs: number }>()
  return (routeKey: string): boolean => {
    const atMs = nowMs()
    const before = buckets.get(routeKey) ?? { tokens: burst, atMs }
    const tokens = Math.min(burst, before.tokens + ((atMs - before.atMs) / 1000) * perSecond)
    const passes = tokens >= 1
    buckets.set(routeKey, { tokens: passes ? tokens - 1 : tokens, atMs })
    return passes
  }
}
