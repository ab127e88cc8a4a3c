import { journeyEventNames } from '../../functions/journey/journey-event-names.ts'
import { createIdGenerator } from '../../functions/runtime/clock.ts'
import type { Table } from '../../functions/store/dynamodb.ts'
import { createTimerStore } from '../../functions/store/timers.ts'

const systemClock = () => new Date()

/** What folding needs to tell of everything, with its timers in this table. */
export function tellingTo(table: Table, now = systemClock, newId = createIdGenerator(now)) {
  return {
    timers: createTimerStore(table, newId),
    journeyEvents: new Set(journeyEventNames),
    quietMinutes: 120,
    now,
  }
}
