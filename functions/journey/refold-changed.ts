import type { Checkpoint, CheckpointWrite } from '../store/checkpoint.ts'
import { lastCharacter } from '../store/keys.ts'
import type { TouchpointStore } from '../store/touchpoints.ts'
import type { FoldState } from './fold-state.ts'
import type { Work } from './fold-telling.ts'
import { type RefoldDeps, refoldFrom } from './refold.ts'
import { comparePositions } from './touch.ts'

export type RefoldChangedDeps = RefoldDeps & { touchpoints: Pick<TouchpointStore, 'some'> }

/**
 * Folds again after nodes came to a person or went from it, from the first of their touchpoints on: what was before
 * that is as it was, however long.
 * @param before folded for the person as it was just before that change
 * @param late the first position of other touchpoints that the fold has not seen; null: none
 */
export async function refoldChanged(
  work: Work,
  before: Checkpoint & { state: FoldState },
  { changed, late }: { changed: readonly string[]; late: string | null },
  deps: RefoldChangedDeps,
): Promise<CheckpointWrite> {
  const { person } = work
  const firsts = await Promise.all(changed.map((nodeId) => firstPosition(nodeId, deps)))
  const [first] = [...firsts, late].flatMap((position) => position ?? []).sort(comparePositions)
  if (first !== undefined) {
    const gone = changed.filter((nodeId) => !(nodeId in person.nodes))
    return refoldFrom(work, before, first, deps, gone)
  }
  const checkpoint = { ...before, version: before.version + 1, topology: person.topology }
  return { checkpoint, before, changes: [] }
}

/** A position not after any touchpoint of the node: at the same time they are not stored in the order of the list. */
async function firstPosition(nodeId: string, { touchpoints }: RefoldChangedDeps): Promise<string | null> {
  const all = { from: 'T#', to: `T#${lastCharacter}` }
  const [first] = await touchpoints.some(nodeId, { ...all, backwards: false, limit: 1 })
  return first?.time ?? null
}
