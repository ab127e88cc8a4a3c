import { emptyLedger } from '../journey/fold.ts'
import type { Journey } from '../journey/journey.ts'
import type { Order } from '../journey/order.ts'
import { type JourneyStore, readIntoLedger } from '../store/journeys.ts'
import { journeySort, orderSort } from '../store/keys.ts'

/** One order of a person: the journey that it converted and, if it has a number, what is kept under that. */
export type Purchase = { journey: Journey; order: Order | null }

type PurchaseRange = {
  personId: string
  generation: string
  /** The start of a journey: only those before it. */
  before: string
  /** So many journeys are read at once. */
  pageSize: number
}

/** A person's orders, the latest first: each has converted one journey, and journeys follow each other. */
export async function* latestPurchases(
  { personId, generation, before, pageSize }: PurchaseRange,
  store: JourneyStore,
): AsyncGenerator<Purchase> {
  for (let to = before; ; ) {
    const [first, last] = [journeySort(generation, ''), journeySort(generation, to)]
    // The row it begins with was on the page before.
    const rows = await store.someRowsBetween(personId, first, last, { backwards: true, limit: pageSize + 1 })
    const ledger = emptyLedger()
    readIntoLedger(rows, generation, ledger)
    const journeys = [...ledger.journeys.values()].filter(({ start }) => start !== to)
    const numbers = journeys.flatMap(({ orderId }) => orderId ?? [])
    const sks = numbers.map((orderId) => orderSort(generation, orderId))
    readIntoLedger(await store.rows(personId, sks), generation, ledger)
    for (const journey of journeys) {
      if (journey.convertedAt === null) continue
      const order = journey.orderId === null ? null : (ledger.orders.get(journey.orderId) ?? null)
      yield { journey, order }
    }
    const earliest = journeys.at(-1)
    if (!earliest || rows.length <= pageSize) return
    to = earliest.start
  }
}
