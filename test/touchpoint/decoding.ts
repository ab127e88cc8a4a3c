import { settingsSchema } from '../../functions/runtime/settings.ts'
import { createDecoder, type Decoded } from '../../functions/touchpoint/decode.ts'
import type { TouchpointEvent } from '../../functions/touchpoint/event.ts'

export const settings = settingsSchema.parse({})
const now = new Date('2026-11-22T12:00:00Z')

const decoder = createDecoder(settings)

/** The smallest valid event, with what a test adds or replaces. */
export function sent(fields: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    id: '1',
    source: 'till-4',
    time: '2026-11-22T10:15:00+01:00',
    channel: 'store',
    type: 'purchase',
    ...fields,
  }
}

export function bytesOf(content: unknown): Buffer {
  return Buffer.from(typeof content === 'string' ? content : JSON.stringify(content))
}

export function decode(data: Uint8Array): Decoded[] {
  return decoder(data, now)
}

export function decodeOne(content: unknown): Decoded {
  const [decoded, ...others] = decode(content instanceof Uint8Array ? content : bytesOf(content))
  if (decoded === undefined || others.length > 0)
    throw new Error(`expected one record, got ${others.length + 1}`)
  return decoded
}

export function eventOf(content: unknown): TouchpointEvent {
  const decoded = decodeOne(content)
  if (decoded.kind === 'rejected') throw new Error(`${decoded.reason}: ${decoded.detail}`)
  return decoded.event
}
