import { type FoldState, type Rules, rulesKey } from '../journey/fold.ts'
import { retail } from '../journey/model.ts'
import type { Checkpoint } from '../store/checkpoint.ts'
import type { JourneyStore } from '../store/journeys.ts'
import type { RulesStore } from '../store/rules.ts'

/** The rules of a key that a checkpoint names; without one, those of today. */
export type RulesReader = (key: string | undefined) => Promise<Rules>

/** Rules of earlier deployments are read once per container. */
export function createRulesReader(own: Rules, store: Pick<RulesStore, 'find'>): RulesReader {
  const known = new Map([[rulesKey(own), own]])
  return async (key) => {
    if (key === undefined) return own
    // What names no rules is from when there was only one model.
    const rules = known.get(key) ?? (await store.find(key)) ?? { ...own, model: retail }
    known.set(key, rules)
    return rules
  }
}

export type FoldedDeps = { journeys: Pick<JourneyStore, 'checkpoints'>; rulesOf: RulesReader }

/** Where a person's journeys are. */
export type Folded = { generation: string; state: FoldState }

const maxAttempts = 4

/**
 * Reads a person's journeys, which takes several steps; again, if all of them were folded anew in the meantime, so that
 * no answer is part of the old and part of the new.
 */
export async function readFolded<T>(
  personId: string,
  { journeys, rulesOf }: FoldedDeps,
  read: (folded: Folded | null, rules: Rules) => Promise<T>,
): Promise<T> {
  const checkpointNow = async () => (await journeys.checkpoints([personId], true)).get(personId)
  for (let before = await checkpointNow(), attempt = 1; ; attempt++) {
    const rules = await rulesOf(before?.state ? before.rules : undefined)
    const found = await read(before?.state ? { ...before, state: before.state } : null, rules)
    const after = await checkpointNow()
    if (isSameFold(before, after) || attempt === maxAttempts) return found
    before = after
  }
}

function isSameFold(a: Checkpoint | undefined, b: Checkpoint | undefined): boolean {
  return a?.rules === b?.rules && a?.generation === b?.generation
}
