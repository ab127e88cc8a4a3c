export type PaceOptions = {
  perSecond: number
  nowMs: () => number
  sleep: (ms: number) => Promise<void>
}

/** What is due within it goes together: small requests cost more than they show. */
const tickMs = 100

/**
 * Hands out items evenly by the clock, each time as many as are due. Who takes long over some gets all the
 * more of them the next time, so that the whole takes as long as it should.
 */
export async function* pace<T>(
  items: readonly T[],
  { perSecond, nowMs, sleep }: PaceOptions,
): AsyncGenerator<readonly T[]> {
  const startedMs = nowMs()
  let lastMs = startedMs
  let handedOut = 0
  while (handedOut < items.length) {
    const next = handedOut + 1
    const waitMs = Math.max(lastMs + tickMs, startedMs + (next * 1000) / perSecond) - nowMs()
    if (waitMs > 0) {
      // Timers may be early.
      await sleep(waitMs)
      continue
    }
    lastMs = nowMs()
    const due = Math.max(next, Math.floor(((lastMs - startedMs) * perSecond) / 1000))
    yield items.slice(handedOut, due)
    handedOut = due
  }
}
