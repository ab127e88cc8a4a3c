import type { Random } from './random.ts'

export const minuteMs = 60_000
export const hourMs = 60 * minuteMs
export const dayMs = 24 * hourMs

/** Half past nine to eight in the evening, but not on Sundays. */
const opening = { fromHour: 9.5, hours: 10.4 }
const eveningHour = 17

/** RFC 3339 with the offset of the clock on the stores' walls (Berlin). */
export function wallClock(ms: number): string {
  return `${onTheWall(ms).slice(0, 19)}+0${offsetHours(ms)}:00`
}

/** Year, month and day on that wall: 20260903. */
export function wallDay(ms: number): string {
  return onTheWall(ms).slice(0, 10).replaceAll('-', '')
}

/** Some time of that day, or of the next if it is a Sunday, at which stores are open. */
export function openingTime(random: Random, ms: number): number {
  const day = isSunday(ms) ? ms + dayMs : ms
  return atHour(day, opening.fromHour + random.next() * opening.hours)
}

/** Some time of that day at which people shop at home: mostly in the evening. */
export function leisureTime(random: Random, ms: number): number {
  const isEvening = random.chance(0.6)
  return atHour(ms, isEvening ? eveningHour + random.next() * 6 : 8 + random.next() * 9)
}

/** That hour, on the wall, of the day. */
export function atHour(ms: number, hour: number): number {
  const midnight = Math.floor(ms / dayMs) * dayMs
  return Math.round(midnight + (hour - offsetHours(ms)) * hourMs)
}

function onTheWall(ms: number): string {
  return new Date(ms + offsetHours(ms) * hourMs).toISOString()
}

function isSunday(ms: number): boolean {
  return new Date(ms).getUTCDay() === 0
}

/** Summer time is from the last Sunday of March to the last of October, both at one o'clock UTC. */
function offsetHours(ms: number): 1 | 2 {
  const year = new Date(ms).getUTCFullYear()
  return ms >= lastSundayAtOne(year, 2) && ms < lastSundayAtOne(year, 9) ? 2 : 1
}

function lastSundayAtOne(year: number, month: number): number {
  const last = new Date(Date.UTC(year, month + 1, 0, 1))
  return last.getTime() - last.getUTCDay() * dayMs
}
