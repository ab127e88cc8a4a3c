import { mergeByHand } from '../../functions/operations/merge-persons.ts'
import { undoMerge } from '../../functions/operations/undo-merge.ts'
import { noPause } from '../identity/ingest-process.ts'
import { personsIn } from '../scenario/stored.ts'
import type { TellingWorld } from './telling-world.ts'

const cause = { operator: 'o', reason: 'because' }

/** Merges and undoes by hand. */
export function operatorOf({ process, clock }: TellingWorld) {
  const deps = { ...process, now: clock.now, pause: noPause, random: () => 0 }
  return {
    merge: (a: string, b: string) => mergeByHand(a, b, cause, deps),
    undo: (personId: string, mergeId: string) => undoMerge(personId, mergeId, cause, deps),
  }
}

/** From the oldest. */
export const personsOf = ({ store }: TellingWorld) =>
  personsIn({ identity: store.items('identity'), touchpoints: [], journeys: [] })

export const personIdsOf = (world: TellingWorld) => personsOf(world).map(({ personId }) => personId)
