import * as z from 'zod'
import { countThatFits, pageOf, readCursor } from '../http/page.ts'
import type { Person } from '../identity/person.ts'
import { positionSchema } from '../journey/touch.ts'
import { chunked } from '../store/dynamodb.ts'
import type { JourneyStore } from '../store/journeys.ts'
import { lastCharacter } from '../store/keys.ts'
import type { TouchpointStore } from '../store/touchpoints.ts'
import type { Customer } from './customer.ts'
import { ordersOnDevice } from './device-orders.ts'
import { type FoldedDeps, readFolded } from './folded.ts'
import { type OrderPlaces, type PlacedOrder, type ShowOrdersDeps, showOrders } from './order-places.ts'
import { latestPurchases, type Purchase } from './purchases.ts'

export type OrdersDeps = FoldedDeps & {
  journeys: JourneyStore
  touchpoints: Pick<TouchpointStore, 'at' | 'some'>
}

type Page = { limit: number; cursor?: string | undefined; maxBytes?: number }
/** Where a page begins: before the position of a purchase. */
const cursorSchema = z.object({ before: positionSchema })

/** So many are read at once: each has items of up to 256 KB. */
const readAtOnce = 50

/** A person's orders, newest first. Which there are is the same by every model; without currency they have the rules'. */
export async function listOrders({ person, checkpoint }: Customer, page: Page, deps: OrdersDeps) {
  const { personId } = person
  const before = readCursor(page.cursor, cursorSchema)?.before ?? lastCharacter
  return readFolded({ personId, checkpoint }, deps, async (folded, { currency }) => {
    const { orders, next } = folded
      ? await findOrders(person, { generation: folded.generation, before, limit: page.limit }, deps)
      : { orders: [], next: null }
    const entries = await showUntilFull(orders, personId, { ...deps, currency })
    return pageOf(entries, { ...page, goesOnAt: next === null ? null : { before: next } })
  })
}

type Range = { generation: string; before: string; limit: number }

const findOrders = (person: Person, range: Range, deps: OrdersDeps) =>
  person.kind === 'person'
    ? ordersOfPerson(person, range, deps.journeys)
    : ordersOnDevice(person, range, deps)

/** Later ones are not asked for, once those before them fill an answer. */
async function showUntilFull(orders: readonly PlacedOrder[], personId: string, deps: ShowOrdersDeps) {
  const shown: Awaited<ReturnType<typeof showOrders>> = []
  for (const next of chunked(orders, readAtOnce)) {
    if (countThatFits(shown) < shown.length) break
    shown.push(...(await showOrders(next, personId, deps)))
  }
  return shown
}

async function ordersOfPerson(person: Person, { generation, before, limit }: Range, store: JourneyStore) {
  const range = { personId: person.personId, generation, before, pageSize: limit + 1 }
  const found: Purchase[] = []
  for await (const purchase of latestPurchases(range, store)) {
    found.push(purchase)
    if (found.length > limit) break
  }
  const page = found.slice(0, limit)
  return {
    orders: page.map((purchase) => ({ at: purchase.at, places: placesOf(purchase, person) })),
    next: found.length > limit ? (page.at(-1)?.at ?? null) : null,
  }
}

/** An order without a number is its one purchase, under one of the person's nodes. */
function placesOf({ at, journey, order }: Purchase, { nodes }: Person): OrderPlaces {
  if (journey.orderId !== null) return order?.touches ?? []
  return Object.keys(nodes).map((nodeId) => [nodeId, at])
}
