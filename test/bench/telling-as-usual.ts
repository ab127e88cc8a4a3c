import { defaultJourneyEvents } from '../../functions/journey/journey-event-names.ts'
import type { Table } from '../../functions/store/dynamodb.ts'
import { createTimerStore } from '../../functions/store/timers.ts'

const systemClock = () => new Date()

/** What folding needs to tell of what is told by default. */
export function tellingAsUsual(table: Table, newId: () => string, now = systemClock) {
  return {
    timers: createTimerStore(table, newId),
    journeyEvents: new Set(defaultJourneyEvents),
    quietMinutes: 120,
    now,
  }
}
