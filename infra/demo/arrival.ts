import { atHour, dayMs, hourMs, minuteMs, wallDay } from './calendar.ts'
import type { Happening } from './chronicle.ts'
import type { SentEvent } from './event.ts'
import type { Random } from './random.ts'
import { rates } from './rates.ts'

export type Arrival = { happening: Happening; arrivesMs: number }

/** Events in the order in which they arrive: most within seconds, some a day late, some twice. */
export function inOrderOfArrival(random: Random, happenings: readonly Happening[]): Arrival[] {
  const isOffline = createOutages(random)
  const arrivals = happenings.flatMap((happening) => {
    const { event, atMs, offline } = happening
    const soonMs = atMs + random.below(5_000)
    const storeIsOffline = event.source.startsWith('till/') && isOffline(storeOf(event), wallDay(atMs))
    const lateMs = offline ? soonMs + random.between(2, 20) * hourMs : soonMs
    const arrivesMs = storeIsOffline ? atHour(atMs + dayMs, 6) + random.below(minuteMs) : lateMs
    const againMs = arrivesMs + random.below(random.chance(0.2) ? dayMs : minuteMs)
    const again = random.chance(rates.sentTwice) ? [{ happening, arrivesMs: againMs }] : []
    return [{ happening, arrivesMs }, ...again]
  })
  return arrivals.sort((a, b) => a.arrivesMs - b.arrivesMs)
}

/** Whether a store's tills were offline on a day. */
function createOutages(random: Random): (store: string, day: string) => boolean {
  const known = new Map<string, boolean>()
  return (store, day) => {
    const name = `${store} ${day}`
    const isOffline = known.get(name) ?? random.chance(rates.tillsOffline)
    known.set(name, isOffline)
    return isOffline
  }
}

const storeOf = ({ source }: SentEvent): string => source.split('/')[1] ?? ''
