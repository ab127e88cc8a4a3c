import * as z from 'zod'
import { pageOf, readCursor } from '../http/page.ts'
import type { Journey } from '../journey/journey.ts'
import { type Model, modelNames } from '../journey/model.ts'
import { comparePositions, positionSchema } from '../journey/touch.ts'
import { showJourney } from '../journey/view.ts'
import type { JourneyStore } from '../store/journeys.ts'
import { journeySort, lastCharacter } from '../store/keys.ts'
import type { Customer } from './customer.ts'
import { type Folded, type FoldedDeps, readFolded } from './folded.ts'
import { ledgerOf } from './ledger.ts'

/** The model whose words are wanted, by default the own ones of that which is configured. */
export function modelParameter(model: Model) {
  const names = modelNames(model)
  return z.enum(names, `journeys are told in the words of ${names.join(' or ')}`).default(model.name)
}

type Page = { limit: number; cursor?: string | undefined; model?: string; maxBytes?: number }
const cursorSchema = z.object({ after: positionSchema })

export type JourneysDeps = FoldedDeps & { journeys: JourneyStore; now: () => Date }

/** A person's journeys, oldest first. */
export async function listJourneys({ person, checkpoint }: Customer, page: Page, deps: JourneysDeps) {
  const { personId } = person
  const after = readCursor(page.cursor, cursorSchema)?.after ?? ''
  return readFolded({ personId, checkpoint }, deps, async (folded, rules) => {
    const range = { after, limit: page.limit + 1 }
    const found = folded ? await readJourneys(personId, folded, range, deps.journeys) : []
    const now = deps.now().toISOString()
    const entries = found.map((journey) => ({
      item: showJourney(journey, now, rules, page.model),
      position: { after: journey.start },
    }))
    return pageOf(entries, page)
  })
}

/** Journeys that started after a position, the running one last. */
async function readJourneys(
  personId: string,
  { generation, state }: Folded,
  { after, limit }: { after: string; limit: number },
  store: JourneyStore,
): Promise<Journey[]> {
  const rows = await store.someRowsBetween(
    personId,
    journeySort(generation, after),
    journeySort(generation, lastCharacter),
    // The row it begins with was on the page before.
    { backwards: false, limit: limit + 1 },
  )
  const { journeys } = ledgerOf(rows, generation)
  const ended = [...journeys.values()]
  const { running } = state
  // Read a moment later than the checkpoint, the running journey may have ended.
  const all = running && !journeys.has(running.start) ? [...ended, running] : ended
  const isAfter = ({ start }: Journey) => comparePositions(start, after) > 0
  return all.filter(isAfter).slice(0, limit)
}
