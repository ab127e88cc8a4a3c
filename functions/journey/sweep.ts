import type { CheckpointWrite } from '../store/checkpoint.ts'
import type { JourneyStore } from '../store/journeys.ts'
import { lastCharacter } from '../store/keys.ts'
import { firstGeneration } from './refold.ts'

type SweepDeps = { journeys: JourneyStore }

/** Deletes what nobody reads any more: generations that were replaced, or the one that did not come to be. */
export async function sweep(
  { checkpoint, before }: CheckpointWrite,
  failed: boolean,
  deps: SweepDeps,
): Promise<void> {
  const { personId, generation, trash } = checkpoint
  if (failed && generation !== (before?.generation ?? firstGeneration)) {
    // A write whose answer was lost looks like a conflict when it is sent again: only the store knows.
    const stored = (await deps.journeys.checkpoints([personId], true)).get(personId)
    if (stored?.generation !== generation) await deleteGeneration(personId, generation, deps)
  }
  if (failed || trash.length === 0) return
  for (const gone of trash) await deleteGeneration(personId, gone, deps)
  const swept = { ...checkpoint, version: checkpoint.version + 1, trash: [] }
  await deps.journeys.commit([{ checkpoint: swept, before: checkpoint, changes: [] }])
}

/** Whether a generation has rows; whoever writes the checkpoint that it was read with knows that none came since. */
export async function hasRows(
  personId: string,
  generation: string,
  { journeys }: SweepDeps,
): Promise<boolean> {
  const page = { backwards: false, limit: 1 }
  const all = [`${generation}#`, `${generation}#${lastCharacter}`] as const
  return (await journeys.someRowsBetween(personId, ...all, page)).length > 0
}

async function deleteGeneration(
  personId: string,
  generation: string,
  { journeys }: SweepDeps,
): Promise<void> {
  const rows = await journeys.rowsBetween(personId, `${generation}#`, `${generation}#${lastCharacter}`)
  await journeys.deleteRows(
    personId,
    rows.map(({ sk }) => sk),
  )
}
