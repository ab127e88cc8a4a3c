/** So long work may be under way: less than what timers allow for, see `marginMs` in timer.ts. */
const longestMs = 4.5 * 60_000

export type BoundedClock = ReturnType<typeof createBoundedClock>

/** A clock that runs as fast as it is told to, but not past work that is under way. */
export function createBoundedClock(startMs: number) {
  const underWay = new Map<string, number>()
  let nowMs = startMs
  return {
    now: () => new Date(nowMs),
    advanceTo: (ms: number): void => {
      const bound = Math.min(...[...underWay.values()].map((begunMs) => begunMs + longestMs))
      nowMs = Math.max(nowMs, Math.min(ms, bound))
    },
    during: async (worker: string, work: () => Promise<unknown>): Promise<void> => {
      underWay.set(worker, nowMs)
      await work()
      underWay.delete(worker)
    },
    /** What the worker was doing failed or was cut off. */
    cutOff: (worker: string): void => {
      underWay.delete(worker)
    },
  }
}
