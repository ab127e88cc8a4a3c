import { z } from 'zod'
import { readCursor, writeCursor } from '../http/request.ts'
import type { Person } from '../identity/person.ts'
import { emptyLedger } from '../journey/fold.ts'
import type { Journey } from '../journey/journey.ts'
import { type Model, modelNames } from '../journey/model.ts'
import { comparePositions, positionSchema } from '../journey/touch.ts'
import { showJourney } from '../journey/view.ts'
import { type JourneyStore, readIntoLedger } from '../store/journeys.ts'
import { journeySort, lastCharacter } from '../store/keys.ts'
import { type Folded, type FoldedDeps, readFolded } from './folded.ts'

/** The model whose words are wanted, by default the own ones of that which is configured. */
export function modelParameter(model: Model) {
  const names = modelNames(model)
  return z.enum(names, `journeys are told in the words of ${names.join(' or ')}`).default(model.name)
}

type Page = { limit: number; cursor?: string | undefined; model?: string }
const cursorSchema = z.object({ after: positionSchema })

export type JourneysDeps = FoldedDeps & { journeys: JourneyStore; now: () => Date }

/** A person's journeys, oldest first. */
export async function listJourneys(person: Person, { limit, cursor, model }: Page, deps: JourneysDeps) {
  const after = readCursor(cursor, cursorSchema)?.after ?? ''
  return readFolded(person.personId, deps, async (folded, rules) => {
    const range = { after, limit: limit + 1 }
    const found = folded ? await readJourneys(person.personId, folded, range, deps.journeys) : []
    const page = found.slice(0, limit)
    const last = found.length > limit ? page.at(-1) : undefined
    const now = deps.now().toISOString()
    return {
      items: page.map((journey) => showJourney(journey, now, rules, model)),
      nextCursor: last ? writeCursor({ after: last.start }) : null,
    }
  })
}

/** Journeys that started after a position, the running one last. */
async function readJourneys(
  personId: string,
  { generation, state }: Folded,
  { after, limit }: { after: string; limit: number },
  store: JourneyStore,
): Promise<Journey[]> {
  const ledger = emptyLedger()
  const rows = await store.someRowsBetween(
    personId,
    journeySort(generation, after),
    journeySort(generation, lastCharacter),
    // The row it begins with was on the page before.
    { backwards: false, limit: limit + 1 },
  )
  readIntoLedger(rows, generation, ledger)
  const ended = [...ledger.journeys.values()]
  const { running } = state
  // Read a moment later than the checkpoint, the running journey may have ended.
  const all = running && !ledger.journeys.has(running.start) ? [...ended, running] : ended
  const isAfter = ({ start }: Journey) => comparePositions(start, after) > 0
  return all.filter(isAfter).slice(0, limit)
}
