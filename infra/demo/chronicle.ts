import { wallClock } from './calendar.ts'
import type { Details, SentEvent, SentIdentifier } from './event.ts'
import type { System } from './systems.ts'

/** What happened, and whose it truly is. */
export type Happening = {
  event: SentEvent
  atMs: number
  customer: number | null
  /** The phone had no network: sent later. */
  offline: boolean
}

type Touch = Details & { type: string; identifiers: readonly SentIdentifier[] }

export type Occasion = { system: System; customer: number | null; atMs: number; offline?: boolean }

export type Chronicle = {
  happenings: readonly Happening[]
  write: (occasion: Occasion, touch: Touch) => void
  /** The next number of a series, from 1. */
  count: (series: string) => number
}

/**
 * Writes down what happens until the end of the world.
 * @param saysWho whether identifiers tell anything of the person; an event without any is truly nobody's
 */
export function createChronicle(
  endMs: number,
  saysWho: (identifiers: readonly SentIdentifier[]) => boolean,
): Chronicle {
  const happenings: Happening[] = []
  const counters = new Map<string, number>()
  const count = (series: string) => {
    const next = (counters.get(series) ?? 0) + 1
    counters.set(series, next)
    return next
  }
  return {
    happenings,
    count,
    write: ({ system, customer, atMs, offline = false }, touch) => {
      if (atMs >= endMs) return
      const { source, channel, clock, skewMs } = system
      const shownMs = atMs + skewMs
      const time = clock === 'wall' ? wallClock(shownMs) : new Date(shownMs).toISOString()
      // Tills count from 1 again every morning.
      const id = String(count(clock === 'wall' ? `${source} ${time.slice(0, 10)}` : source)).padStart(6, '0')
      const owner = saysWho(touch.identifiers) ? customer : null
      happenings.push({
        event: { id, source, time, channel, ...touch },
        atMs,
        customer: owner,
        offline,
      })
    },
  }
}
