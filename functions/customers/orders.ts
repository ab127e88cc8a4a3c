import { z } from 'zod'
import { readCursor, writeCursor } from '../http/request.ts'
import type { Person } from '../identity/person.ts'
import { positionSchema } from '../journey/touch.ts'
import type { JourneyStore } from '../store/journeys.ts'
import { lastCharacter } from '../store/keys.ts'
import { ordersOnDevice } from './device-orders.ts'
import { type OrderPlaces, type ShowOrdersDeps, showOrders } from './order-places.ts'
import { latestPurchases, type Purchase } from './purchases.ts'
import type { TimelineDeps } from './timeline.ts'

export type OrdersDeps = ShowOrdersDeps & TimelineDeps

/** Where a page begins: before the position of a journey's start or, of a device, of a touchpoint. */
const cursorSchema = z.object({ before: positionSchema })

/** A person's orders, newest first. */
export async function listOrders(
  person: Person,
  { limit, cursor }: { limit: number; cursor?: string | undefined },
  deps: OrdersDeps,
) {
  const before = readCursor(cursor, cursorSchema)?.before ?? lastCharacter
  const checkpoint = (await deps.journeys.checkpoints([person.personId], true)).get(person.personId)
  if (!checkpoint?.state) return { items: [], nextCursor: null }
  const range = { generation: checkpoint.generation, before, limit }
  const { orders, next } =
    person.kind === 'person'
      ? await ordersOfPerson(person, range, deps.journeys)
      : await ordersOnDevice(person, range, deps)
  return {
    items: await showOrders(orders, person.personId, deps),
    nextCursor: next === null ? null : writeCursor({ before: next }),
  }
}

async function ordersOfPerson(
  person: Person,
  { generation, before, limit }: { generation: string; before: string; limit: number },
  store: JourneyStore,
) {
  const range = { personId: person.personId, generation, before, pageSize: limit + 1 }
  const found: Purchase[] = []
  for await (const purchase of latestPurchases(range, store)) {
    found.push(purchase)
    if (found.length > limit) break
  }
  const page = found.slice(0, limit)
  const last = found.length > limit ? page.at(-1) : undefined
  return {
    orders: page.map((purchase) => placesOf(purchase, person)),
    next: last?.journey.start ?? null,
  }
}

/** An order without a number is its one purchase, under one of the person's nodes. */
function placesOf({ journey: { end, orderId }, order }: Purchase, { nodes }: Person): OrderPlaces {
  if (orderId !== null) return order?.touches ?? []
  return end === null ? [] : Object.keys(nodes).map((nodeId) => [nodeId, end])
}
