import { createRandom } from '../../infra/demo/random.ts'
import { oneOf } from './random-choice.ts'
import { createPerson, type Person, type SentIdentifier, visitKinds } from './retail-person.ts'
import { createVisitWriter, type SentEvent } from './retail-visit.ts'

export type RetailBatch = {
  events: SentEvent[]
  /** Distinct identifiers in it, and how many of them had been sent before. */
  identifiers: { all: number; known: number }
}

const eventsPerBatch = 100
const personsPerBatch = 40
const initialPersons = 500
/** Each brings two or three identifiers in time: with them about 12% of those in a batch are new. */
const newPersonsPerBatch = 2.35
const lateShare = 0.01
/** Batches lie so far apart that histories of weeks come to be; each is what came within a minute. */
const batchMs = 6 * 60 * 60 * 1000
const arrivalMs = 60_000
const startMs = Date.UTC(2025, 0, 1)

/**
 * An endless stream of events at the design's retail mix, the same for the same seed: batches of 100 events of 40
 * persons who come back every few days, while new ones keep arriving.
 */
export function createRetailMix(seed: number) {
  const random = createRandom(seed)
  const write = createVisitWriter(random)
  const persons: Person[] = []
  const seen = new Set<string>()
  let batches = 0
  for (let at = 0; at < initialPersons; at++) persons.push(createPerson(random, at))

  function visitors(): Person[] {
    const arrivals = Math.floor(newPersonsPerBatch * (batches + 1)) - Math.floor(newPersonsPerBatch * batches)
    const chosen = new Set<Person>()
    for (let at = 0; at < arrivals; at++) {
      const person = createPerson(random, persons.length)
      persons.push(person)
      chosen.add(person)
    }
    while (chosen.size < personsPerBatch) chosen.add(oneOf(random, persons))
    return [...chosen]
  }

  function countIdentifiers(events: readonly SentEvent[]): RetailBatch['identifiers'] {
    const names = new Set(events.flatMap(({ identifiers }) => identifiers.map(nameOf)))
    const known = [...names].filter((name) => seen.has(name)).length
    for (const name of names) seen.add(name)
    return { all: names.size, known }
  }

  return {
    next(): RetailBatch {
      const beginMs = startMs + batches * batchMs
      const visits = visitors().map((person) => ({
        person,
        kind: oneOf(random, visitKinds(person)),
        count: 1,
      }))
      const long = visits.filter(({ kind }) => kind !== 'email')
      for (let left = eventsPerBatch - visits.length; left > 0; left--) oneOf(random, long).count++
      const sent = visits.flatMap(({ person, kind, count }) => {
        const sentMs = beginMs + random.below(arrivalMs)
        const isLate = person.lastMs !== null && random.chance(lateShare)
        const atMs = isLate && person.lastMs !== null ? person.lastMs - 20 * 60_000 : sentMs
        const events = write({ person, kind, count, atMs })
        person.lastMs = Math.max(person.lastMs ?? 0, Date.parse(events.at(-1)?.time ?? ''))
        return events.map((event) => ({ event, sentMs: Date.parse(event.time) + sentMs - atMs }))
      })
      const events = sent.sort((a, b) => a.sentMs - b.sentMs).map(({ event }) => event)
      batches++
      return { events, identifiers: countIdentifiers(events) }
    },
  }
}

export const bytesOf = (event: SentEvent): Buffer => Buffer.from(JSON.stringify(event))

const nameOf = ({ type, value }: SentIdentifier): string => `${type} ${value}`
