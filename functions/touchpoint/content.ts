import { fingerprint, type HmacKey } from '../store/keys.ts'
import type { TouchpointEvent } from './event.ts'

export type Content = { body: string; fingerprint: string }

/**
 * What is stored of an event beside its key, as JSON, and the digest by which it is known again: of all that was
 * sent, parsed and normalised, whatever the order of keys and the offset of the time. Identifiers enter the digest
 * under their keys and are not stored with the event.
 */
export function contentOf(event: TouchpointEvent, identifierKeys: readonly string[], key: HmacKey): Content {
  const { id: _, source: __, time: ___, identifiers: ____, ...body } = event
  const { offsetMinutes: _____, profile, properties, ...ordered } = body
  // Parsed by the schema, all keys have its order but those that the sender may choose.
  const free = profile || properties ? JSON.stringify([profile, properties], sortedKeys) : ''
  const canonical = `${JSON.stringify(ordered)}${free}${identifierKeys.join()}`
  return { body: JSON.stringify(body), fingerprint: fingerprint(canonical, key) }
}

function sortedKeys(_: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
}
