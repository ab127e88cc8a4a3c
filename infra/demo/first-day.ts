import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { codeOf, ReplayFailure } from '../replay/failure.ts'
import { dayMs } from './calendar.ts'

const rememberedSchema = z.object({ firstDay: z.iso.date() })

/**
 * The midnight (UTC) at which the world of a state began. It is kept beside the state, because only a world
 * that begins on the same day has the same events: those of another one would speak of the same orders.
 */
export function firstDayOf(directory: string, { days, now }: { days: number; now: Date }): Date {
  const file = join(directory, 'demo.json')
  const remembered = read(file)
  if (remembered) return remembered
  const firstDay = new Date(now.getTime() - (days - 1) * dayMs).toISOString().slice(0, 10)
  writeFileSync(file, `${JSON.stringify({ firstDay })}\n`)
  return new Date(firstDay)
}

function read(file: string): Date | undefined {
  try {
    return new Date(rememberedSchema.parse(JSON.parse(readFileSync(file, 'utf8'))).firstDay)
  } catch (cause) {
    if (codeOf(cause) === 'ENOENT') return undefined
    throw new ReplayFailure(`${file} does not name the first day of the demo`, { cause })
  }
}
