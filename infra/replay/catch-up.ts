import { ReplayFailure } from './failure.ts'
import type { Counters, Status } from './local-system.ts'

const patienceMs = 120_000

export type CatchUpOptions = {
  status: () => Promise<Status>
  /** How many records must have been received before nothing is behind. */
  received: number
  sleep: (ms: number) => Promise<void>
  nowMs: () => number
  onBehind: (behind: number) => void
}

/** Waits until every effect of what was sent is visible. */
export async function catchUp({
  status,
  received,
  sleep,
  nowMs,
  onBehind,
}: CatchUpOptions): Promise<Counters> {
  let lastSeen = ''
  let lastChangeMs = nowMs()
  for (;;) {
    const current = await status()
    if (current.behind === 0 && current.touchpoints.received >= received) return current.touchpoints
    const seen = JSON.stringify(current)
    if (seen !== lastSeen) lastChangeMs = nowMs()
    lastSeen = seen
    if (nowMs() - lastChangeMs > patienceMs)
      throw new ReplayFailure(
        `the system has stopped at ${current.behind} records behind; .local/logs may tell why`,
      )
    onBehind(current.behind)
    await sleep(20)
  }
}
