import { z } from 'zod'
import { readCursor, writeCursor } from '../http/request.ts'
import type { Person } from '../identity/person.ts'
import { emptyLedger } from '../journey/fold.ts'
import type { Journey } from '../journey/journey.ts'
import { type ModelName, modelNames } from '../journey/model.ts'
import { comparePositions } from '../journey/touch.ts'
import { showJourney } from '../journey/view.ts'
import { type JourneyStore, readIntoLedger } from '../store/journeys.ts'
import { journeySort, lastCharacter } from '../store/keys.ts'

export const modelParameter = z.enum(modelNames).default('retail')

type Page = { limit: number; cursor?: string | undefined; model: ModelName }
const cursorSchema = z.object({ after: z.string() })

export type JourneysDeps = { journeys: JourneyStore; currency: string; now: () => Date }

/** A person's journeys, oldest first. */
export async function listJourneys(person: Person, { limit, cursor, model }: Page, deps: JourneysDeps) {
  const after = readCursor(cursor, cursorSchema)?.after ?? ''
  const found = await readJourneys(person.personId, after, limit + 1, deps.journeys)
  const page = found.slice(0, limit)
  const last = found.length > limit ? page.at(-1) : undefined
  const now = deps.now().toISOString()
  return {
    items: page.map((journey) => showJourney(journey, now, model, deps.currency)),
    nextCursor: last ? writeCursor({ after: last.start }) : null,
  }
}

/** Journeys that started after a position, the running one last. */
async function readJourneys(
  personId: string,
  after: string,
  limit: number,
  store: JourneyStore,
): Promise<Journey[]> {
  const checkpoint = (await store.checkpoints([personId], true)).get(personId)
  if (!checkpoint?.state) return []
  const { generation, state } = checkpoint
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
