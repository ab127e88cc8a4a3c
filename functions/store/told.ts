import * as z from 'zod'
import { type JourneyEvent, journeyEventSchema } from '../journey/journey-event.ts'
import type { Item } from './dynamodb.ts'
import { unpackedText } from './packed.ts'

const toldSchema = z.object({ told: z.array(journeyEventSchema).default([]) })

/** What the write of a checkpoint told; of items without any, nothing. */
export function journeyEventsIn(item: Item): JourneyEvent[] {
  const detail = unpackedText(item.d)
  return detail === '' ? [] : toldSchema.parse(JSON.parse(detail)).told
}

const cursorSchema = z.object({ cursor: z.string().default('') })

/** The position up to which the person's touchpoints were folded; empty if they have to be folded from the start. */
export function cursorIn(item: Item): string {
  const detail = unpackedText(item.d)
  return detail === '' ? '' : cursorSchema.parse(JSON.parse(detail)).cursor
}
