import { firstDayOf } from './first-day.ts'
import { createRetailWorld, type RetailWorld } from './world.ts'

/** So many `days` lie behind when the world begins to be shown. */
export type DemoSize = { customers: number; days: number }

const usualSize: DemoSize = { customers: 300, days: 90 }
/** On the same state the world goes on for so long. */
const moreDays = 30
const seed = 6

/** The same people every time, and what they have done up to now. */
export function createDemoWorld(
  directory: string,
  { size = usualSize, now }: { size: DemoSize | undefined; now: Date },
): RetailWorld {
  const { customers, days } = size
  const start = firstDayOf(directory, { days, now })
  return createRetailWorld({ seed, customers, days: days + moreDays, start, until: now })
}
