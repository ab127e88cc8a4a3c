import type { Chronicle, Occasion } from './chronicle.ts'
import type { Customer, Span } from './customer.ts'
import type { Details, SentIdentifier } from './event.ts'
import type { Random } from './random.ts'
import type { Store } from './systems.ts'

/** What one customer's history plays on. */
export type Stage = {
  random: Random
  span: Span
  stores: readonly Store[]
  customers: readonly Customer[]
  chronicle: Chronicle
}

export type Visit = {
  touch: (type: string, identifiers: readonly SentIdentifier[], details?: Details) => void
  /** When the next touch would be. */
  nowMs: () => number
}

/** One thing after the other, some seconds to two minutes apart. */
export function openVisit({ random, chronicle }: Stage, occasion: Occasion): Visit {
  let nowMs = occasion.atMs
  return {
    touch: (type, identifiers, details = {}) => {
      chronicle.write({ ...occasion, atMs: nowMs }, { type, identifiers, ...details })
      nowMs += random.between(5_000, 120_000)
    },
    nowMs: () => nowMs,
  }
}
