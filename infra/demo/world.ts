import { type Arrival, inOrderOfArrival } from './arrival.ts'
import { dayMs } from './calendar.ts'
import { createChronicle } from './chronicle.ts'
import { createCustomer } from './customer.ts'
import type { SentEvent, SentIdentifier } from './event.ts'
import { formHouseholds } from './household.ts'
import { liveThrough } from './life.ts'
import { isPlaceholder } from './mistakes.ts'
import { passTheDays } from './nobody.ts'
import { createRandom } from './random.ts'
import { customersPerStore, rates } from './rates.ts'
import { createStores, type Store } from './systems.ts'
import { type Recommendation, worthLookingAt } from './worth-looking-at.ts'

export type RetailWorldOptions = {
  seed: number
  customers: number
  days: number
  /** The first day. */
  start: Date
  /** As it is told at that time: without what arrives later or, by a wrong clock, has a later time. */
  until?: Date
}

export type RetailWorld = {
  /** In the order in which they arrive. */
  events: SentEvent[]
  /** Whose an event truly is, by `truthKey`: a customer's number, or null for nobody's. */
  truth: ReadonlyMap<string, number | null>
  worthLookingAt: Recommendation[]
}

/** Source, id and time identify an event, however the time is written. */
export function truthKey({ source, id, time }: { source: string; id: string; time: string }): string {
  return `${new Date(time).toISOString()} ${source} ${id}`
}

/** A retailer's days, the same for the same seed, and the truth about whose every event is. */
export function createRetailWorld(options: RetailWorldOptions): RetailWorld {
  const { seed, customers: count, days, start, until } = options
  const startMs = Math.floor(start.getTime() / dayMs) * dayMs
  const span = { startMs, endMs: startMs + days * dayMs }
  // Everyone has their own randomness, so that a change in one life leaves the others as they were.
  const randomOf = (number: number) => createRandom(Math.imul(seed + 1, 0x9e3779b1) + number)
  const random = randomOf(-1)
  const stores = createStores(random, Math.max(2, Math.round(count / customersPerStore)))
  const born = Array.from({ length: count }, (_, number) =>
    createCustomer(randomOf(2 * number), number, span, stores),
  )
  const customers = formHouseholds(random, born)
  const chronicle = createChronicle(span.endMs, createJudge(stores))
  const stage = { random, span, stores, customers, chronicle }
  for (const customer of customers) {
    liveThrough({ ...stage, random: randomOf(2 * customer.number + 1) }, customer)
  }
  for (const store of stores) passTheDays(stage, store, (rates.cashSales * count) / stores.length)
  const untilMs = until?.getTime() ?? Number.POSITIVE_INFINITY
  const arrivals = inOrderOfArrival(random, chronicle.happenings).filter(isToldBy(untilMs))
  const told = new Set(arrivals.map(({ happening }) => happening))
  const happenings = chronicle.happenings.filter((happening) => told.has(happening))
  return {
    events: arrivals.map(({ happening }) => happening.event),
    truth: new Map(happenings.map(({ event, customer }) => [truthKey(event), customer])),
    worthLookingAt: worthLookingAt({ customers, stores, happenings }),
  }
}

function isToldBy(untilMs: number): (arrival: Arrival) => boolean {
  return ({ happening, arrivesMs }) => Math.max(arrivesMs, Date.parse(happening.event.time)) <= untilMs
}

/** Placeholders and devices of the store say nothing about who it was. */
function createJudge(stores: readonly Store[]): (identifiers: readonly SentIdentifier[]) => boolean {
  const ofStores = new Set(stores.flatMap(({ kiosk, tablet }) => [kiosk.device.value, tablet.device.value]))
  return (identifiers) => identifiers.some((one) => !isPlaceholder(one) && !ofStores.has(one.value))
}
