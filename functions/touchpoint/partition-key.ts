import { createHash } from 'node:crypto'
import { createIdentifierNormaliser } from '../identity/identifier.ts'
import type { Settings } from '../runtime/settings.ts'
import type { TouchpointEvent } from './event.ts'

export type PartitionKey = (event: Pick<TouchpointEvent, 'id' | 'source' | 'identifiers'>) => string

/**
 * The key that keeps a person's events in one shard and in order: the event's first identifier by
 * priority, hashed because keys are shown in metrics and logs. Events of nobody are spread.
 */
export function createPartitionKey(settings: Settings): PartitionKey {
  const normalise = createIdentifierNormaliser(settings)
  return ({ id, source, identifiers }) => {
    const [first] = normalise(identifiers, source).identifiers
    return digest(first === undefined ? JSON.stringify([source, id]) : `${first.type}:${first.value}`)
  }
}

/** The key of what cannot be read as an event. */
export function partitionKeyOfBytes(bytes: Uint8Array): string {
  return digest(bytes)
}

function digest(content: string | Uint8Array): string {
  return createHash('sha256').update(content).digest('base64url')
}
