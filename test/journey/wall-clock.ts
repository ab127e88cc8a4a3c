import type { Touch } from '../../functions/journey/touch.ts'
import { createEventSchema } from '../../functions/touchpoint/event.ts'
import { sent, settings } from '../touchpoint/decoding.ts'
import { touch } from './touches.ts'

const schema = createEventSchema(settings)

/** UTC of a time as a source sends it. */
export const utcOf = (time: string): string => schema.parse(sent({ time })).time

/** A touchpoint at a time as a source sends it, with the offset of its clock. */
export const touchAt = (time: string, type: string, fields: Record<string, unknown> = {}): Touch =>
  touch(utcOf(time), type, fields)

const pad = (value: number) => String(value).padStart(2, '0')

/** A moment as the clock of another place shows it, so many minutes east of UTC. */
export function shownWithOffset(ms: number, offsetMinutes: number): string {
  const wall = new Date(ms + offsetMinutes * 60_000).toISOString().slice(0, -1)
  const sign = offsetMinutes < 0 ? '-' : '+'
  const minutes = Math.abs(offsetMinutes)
  return `${wall}${sign}${pad(Math.floor(minutes / 60))}:${pad(minutes % 60)}`
}
