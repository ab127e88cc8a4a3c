import type { TouchpointEvent } from '../../functions/touchpoint/event.ts'
import type { Place } from './gate.ts'
import type { IngestProcess } from './ingest-process.ts'
import type { Reference } from './reference.ts'
import type { Kind } from './request-kind.ts'
import { lineOf } from './sent-event.ts'

export type Race = {
  name: string
  /** Sent one after the other. */
  before?: readonly TouchpointEvent[]
  /** Sent by each of the workers, which remember what they have read. */
  remembered?: readonly TouchpointEvent[]
  /** Sent by somebody else after that. */
  since?: readonly TouchpointEvent[]
  /** What happens at the same moment. */
  acts: readonly Act[]
}

/** What one worker does in a race, and what it means step by step when nobody else does anything. */
export type Act = {
  name: string
  events: readonly TouchpointEvent[]
  run: (process: IngestProcess) => Promise<void>
  steps: readonly Step[]
  held: Held
}

export type Step = (reference: Reference) => void

/** How it goes for a worker that is held while others come to their end. */
type Held = {
  at: Place
  /** How often its transaction is refused then; `any` where that depends on who else is held. */
  conflicts: number | 'any'
  /** Whether it comes out as if it had been before the others or after them; `any`: as if in between. */
  comes: 'first' | 'last' | 'any'
  /** How many requests of a kind it takes in all, where that shows what it had to do again. */
  requests: Partial<Record<Kind, number>>
  /** That this goes wrong is known and not mended yet. */
  isOpen: boolean
}

/**
 * A worker that takes in these events as one batch. Held before its first transaction, it finds that refused once and
 * comes out as the last, unless something else is said.
 */
export function sends(events: TouchpointEvent | TouchpointEvent[], held: Partial<Held> = {}): Act {
  const all = [events].flat()
  return {
    name: all.map(({ id }) => id).join('+'),
    events: all,
    run: async (process) => {
      for (const outcome of await process.ingest(all.map(lineOf))) {
        if (outcome.kind === 'failed') throw new Error('the store failed', { cause: outcome.error })
      }
    },
    steps: all.map((event) => (reference) => reference.send(event)),
    held: { at: { kind: 'transact' }, conflicts: 1, comes: 'last', requests: {}, isOpen: false, ...held },
  }
}

/** In the order in which they are sent, those of the acts one act after the other. */
export const eventsOf = ({ before = [], remembered = [], since = [], acts }: Race): TouchpointEvent[] => [
  ...before,
  ...remembered,
  ...since,
  ...acts.flatMap(({ events }) => events),
]
