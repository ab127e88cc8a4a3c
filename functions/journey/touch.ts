import * as z from 'zod'
import { number, optionalNumber, optionalString, string } from '../runtime/fields.ts'
import type { EventKey } from '../store/keys.ts'
import type { StoredTouchpoint } from '../store/touchpoints.ts'
import { listedItem } from './listed-item.ts'

/** What a journey is made of: of a stored touchpoint, the fields that the fold looks at. */
const touchSchema = z.object({
  time: string,
  source: string,
  id: string,
  nodeId: string,
  fingerprint: string,
  channel: string,
  type: string,
  dwellSeconds: optionalNumber,
  order: z
    .object({
      id: optionalString,
      refundId: optionalString,
      total: optionalNumber,
      currency: optionalString,
      fulfilment: optionalString,
    })
    .optional(),
  items: z.array(listedItem.extend({ quantity: number, amount: optionalNumber })).optional(),
  campaign: z.object({ id: optionalString }).optional(),
  feedback: z.object({ nps: optionalNumber, rating: optionalNumber, sentiment: optionalNumber }).optional(),
  consents: z.array(z.object({ purpose: string, status: string })).optional(),
  profile: z.record(string, z.unknown()).optional(),
})

export type Touch = z.infer<typeof touchSchema> & {
  /** Where it stands in the list of a person's touchpoints. */
  position: string
}

export function toTouch(stored: StoredTouchpoint): Touch {
  const touch = touchSchema.parse(stored)
  return { ...touch, position: positionOf(touch) }
}

/** So much of the content's digest tells twins apart; should it ever not, their nodes do (`sortTouches`). */
const contentCharacters = 8

/**
 * The contract's order as one text: by time; at the same time purchases after others, refunds and cancellations
 * last; then source, id, content.
 */
function positionOf({ time, type, source, id, fingerprint }: z.infer<typeof touchSchema>): string {
  const rank = type === 'purchase' ? 1 : type === 'refund' || type === 'cancellation' ? 2 : 0
  return `${time}#${rank}#${source}\u0001${id}\u0001${fingerprint.slice(0, contentCharacters)}`
}

export const timeOfPosition = (position: string): string =>
  position.slice(0, '0000-00-00T00:00:00.000Z'.length)

/** What somebody may have thought up: source and id have at most 400 bytes each. */
const bounded = (pattern: RegExp) =>
  z
    .string()
    .regex(pattern)
    .refine((text) => Buffer.byteLength(text) <= 900)
export const positionSchema = bounded(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z#\d#/)
export const touchpointSortSchema = bounded(/^T#\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z#/)

export const isPurchaseAt = (position: string): boolean =>
  position.startsWith('#1#', '0000-00-00T00:00:00.000Z'.length)

/** What a position says of the event that stands there. */
export function eventOfPosition(position: string): EventKey {
  const [source = '', id = ''] = position.slice('0000-00-00T00:00:00.000Z#0#'.length).split('\u0001')
  return { time: timeOfPosition(position), source, id }
}

/** By UTF-8 bytes, as DynamoDB sorts; JavaScript's own comparison puts U+E000 to U+FFFF after what lies above. */
export function comparePositions(a: string, b: string): number {
  const length = Math.min(a.length, b.length)
  for (let i = 0; i < length; i++) {
    const [x, y] = [a.charCodeAt(i), b.charCodeAt(i)]
    if (x !== y) return byCodePoint(x) - byCodePoint(y)
  }
  return a.length - b.length
}

/** Moves surrogates, which stand for code points above U+FFFF, behind all other UTF-16 units. */
function byCodePoint(unit: number): number {
  return unit >= 0xd800 && unit <= 0xdfff ? unit + 0x10000 : unit
}

/** In the order of the list, each once; twins under different nodes are two. */
export function sortTouches<T extends Touch>(touches: readonly T[]): T[] {
  const once = new Map(touches.map((touch) => [`${touch.nodeId} ${touch.position}`, touch]))
  return [...once.values()].sort(
    (a, b) => comparePositions(a.position, b.position) || comparePositions(a.nodeId, b.nodeId),
  )
}
