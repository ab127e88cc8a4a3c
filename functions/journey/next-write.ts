import { type Checkpoint, type CheckpointWrite, nothingTold } from '../store/checkpoint.ts'
import { emptyState, type FoldState, type Rules, rulesKey } from './fold-state.ts'
import type { Work } from './fold-telling.ts'
import { firstGeneration, foldOn, rebuild, refoldFrom } from './refold.ts'
import { type RefoldChangedDeps, refoldChanged } from './refold-changed.ts'
import { comparePositions, sortTouches } from './touch.ts'

/**
 * What to write for a person after what was heard; null: all is there already; `again`: look again, consistently.
 * @param before the checkpoint as it was read, consistently or not
 */
export async function nextWrite(
  work: Work,
  before: Checkpoint | null,
  consistent: boolean,
  deps: RefoldChangedDeps,
): Promise<CheckpointWrite | 'again' | null> {
  const { person } = work
  if (before && before.personVersion > person.version) return 'again'
  const [first] = sortTouches(work.touches)
  // Nobody has folded a person that has no checkpoint and never met another: it begins with these touchpoints.
  if (!before && person.topology === 1 && first) return beginning(work, deps)
  // What was folded by other rules, as before a deployment, is no beginning to go on from.
  const state = before?.rules === rulesKey(deps.rules) ? before.state : null
  if (before && state && before.topology === person.topology) {
    const known = { ...before, state }
    if (!first) return null
    if (comparePositions(first.position, state.cursor) > 0) return foldOn(work, known, deps)
    return consistent ? unlessSame(await refoldFrom(work, known, first.position, deps), known.state) : 'again'
  }
  if (before && (!consistent || before.topology > person.topology)) return 'again'
  if (before && state && before.topology === person.change?.from) {
    const change = { changed: person.change.nodes, late: first?.position ?? null }
    return refoldChanged(work, { ...before, state }, change, deps)
  }
  return rebuild(work, before, deps)
}

async function beginning(work: Work, deps: RefoldChangedDeps): Promise<CheckpointWrite> {
  const { personId, topology } = work.person
  const nothing = { ...noCheckpoint(personId, deps.rules), topology, state: emptyState }
  return { ...(await foldOn(work, nothing, deps)), before: null }
}

/** Where the fold of a person begins of whom nothing is stored. */
export function noCheckpoint(personId: string, rules: Rules): Checkpoint & { state: null } {
  return {
    personId,
    version: 0,
    topology: 0,
    personVersion: 0,
    isAlone: false,
    rules: rulesKey(rules),
    generation: firstGeneration,
    trash: [],
    ...nothingTold,
    state: null,
  }
}

/** What is news is told also if somebody else has folded it before: whether that one has told it is not known. */
function unlessSame(write: CheckpointWrite, state: FoldState): CheckpointWrite | null {
  const { checkpoint, before, changes, told = [] } = write
  const isSame =
    changes.length === 0 &&
    told.length === 0 &&
    checkpoint.topology === before?.topology &&
    checkpoint.generation === before.generation &&
    JSON.stringify(checkpoint.state) === JSON.stringify(state)
  return isSame ? null : write
}
