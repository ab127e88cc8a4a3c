import { type FoldState, type Rules, rulesKey } from '../journey/fold-state.ts'
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
 * @param checkpoint as it was read last; null: none was there
 */
export async function readFolded<T>(
  { personId, checkpoint }: { personId: string; checkpoint: Checkpoint | null },
  { journeys, rulesOf }: FoldedDeps,
  read: (folded: Folded | null, rules: Rules) => Promise<T>,
): Promise<T> {
  for (let before = checkpoint, attempt = 1; ; attempt++) {
    const { folded, rules } = await foldedOf(before, rulesOf)
    const found = await read(folded, rules)
    const after = (await journeys.checkpoints([personId], true)).get(personId) ?? null
    if (isSameFold(before, after) || attempt === maxAttempts) return found
    before = after
  }
}

/** What a checkpoint says of a person's journeys, with the rules that they were folded by. */
export async function foldedOf(
  checkpoint: Checkpoint | null,
  rulesOf: RulesReader,
): Promise<{ folded: Folded | null; rules: Rules }> {
  if (!checkpoint?.state) return { folded: null, rules: await rulesOf(undefined) }
  const { generation, state, rules } = checkpoint
  return { folded: { generation, state }, rules: await rulesOf(rules) }
}

function isSameFold(a: Checkpoint | null, b: Checkpoint | null): boolean {
  return a?.rules === b?.rules && a?.generation === b?.generation
}
