import type { Journey } from '../journey/journey.ts'
import type { Order } from '../journey/order.ts'
import { comparePositions } from '../journey/touch.ts'
import type { JourneyStore } from '../store/journeys.ts'
import { journeySort, orderSort } from '../store/keys.ts'
import { ledgerOf } from './ledger.ts'

/**
 * One order of a person: its position, the journey that it converted and, if it has a number, what is kept under that.
 */
export type Purchase = { at: string; journey: Journey; order: Order | null }

type PurchaseRange = {
  personId: string
  generation: string
  /** The position of a purchase: only orders before it. By every model it stays where it is. */
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
    const found = [...ledgerOf(rows, generation).journeys.values()]
    const journeys = found.filter(({ start }) => start !== to)
    const numbers = journeys.flatMap(({ orderId }) => orderId ?? [])
    const sks = numbers.map((orderId) => orderSort(generation, orderId))
    const { orders } = ledgerOf(await store.rows(personId, sks), generation)
    for (const journey of journeys) {
      if (journey.end === null || comparePositions(journey.end, before) >= 0) continue
      const order = journey.orderId === null ? null : (orders.get(journey.orderId) ?? null)
      yield { at: journey.end, journey, order }
    }
    const earliest = journeys.at(-1)
    if (!earliest || rows.length <= pageSize) return
    to = earliest.start
  }
}
