import { createIdentifierNormaliser } from '../../functions/identity/identifier.ts'
import { identifierKey } from '../../functions/store/keys.ts'
import type { TouchpointEvent } from '../../functions/touchpoint/event.ts'
import { hmacKey, type SentIdentifier, settings } from './sequential.ts'

const normalise = createIdentifierNormaliser(settings)

/**
 * An event with identifiers as `type:value`; an e-mail address may go without its domain. Of the day of the month that
 * its id ends with, else of the first.
 */
export function event(id: string, ...identifiers: string[]): TouchpointEvent {
  const day = /\d+$/.exec(id)?.[0] ?? '1'
  const time = `2026-03-${day.padStart(2, '0')}T12:00:00.000Z`
  return {
    id,
    source: 'shop',
    time,
    channel: 'web',
    type: 'view_item',
    identifiers: identifiers.map(identifierOf),
    offsetMinutes: 0,
  }
}

function identifierOf(text: string): SentIdentifier {
  const [type = '', value = ''] = text.split(':')
  return { type, value: type === 'email' ? `${value}@example.org` : value }
}

/** As a channel system sends it. */
export function lineOf({ offsetMinutes: _, ...sent }: TouchpointEvent): string {
  return JSON.stringify(sent)
}

/** The identifiers of events by the key that they are stored under, as `type:value`. */
export function namesIn(events: readonly TouchpointEvent[]): Map<string, string> {
  return new Map(
    events.flatMap(({ identifiers }) =>
      identifiers.flatMap((sent) =>
        keysOf([sent]).map((key) => [key, `${sent.type}:${sent.value.split('@')[0]}`] as const),
      ),
    ),
  )
}

export function keysOf(sent: readonly SentIdentifier[]): string[] {
  return normalise(sent, 'shop').identifiers.map((identifier) => identifierKey(identifier, hmacKey))
}
