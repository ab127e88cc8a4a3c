import type { Entry } from '../http/page.ts'
import { showOrder, toOrderTouch } from '../journey/order-view.ts'
import { eventOfPosition } from '../journey/touch.ts'
import { touchpointItem } from '../store/keys.ts'
import type { TouchpointStore } from '../store/touchpoints.ts'

/** Where the touchpoints of one order may be: node and position. */
export type OrderPlaces = readonly (readonly [string, string])[]

/** An order of a list, at the position of its purchase. */
export type PlacedOrder = { at: string; places: OrderPlaces }

export type ShowOrdersDeps = { touchpoints: Pick<TouchpointStore, 'at'>; currency: string }

type ShownOrder = NonNullable<ReturnType<typeof showOrder>>

/** Orders of a person from their touchpoints, all read together; each with where a list goes on after it. */
export async function showOrders(
  orders: readonly PlacedOrder[],
  personId: string,
  { touchpoints, currency }: ShowOrdersDeps,
): Promise<Entry<ShownOrder>[]> {
  const keys = orders
    .flatMap(({ places }) => places)
    .map(([nodeId, position]) => touchpointItem(nodeId, eventOfPosition(position)))
  const touches = (await touchpoints.at(keys)).map(toOrderTouch)
  const found = new Map(touches.map((touch) => [`${touch.nodeId} ${touch.position}`, touch]))
  return orders.flatMap(({ at, places }) => {
    const ofOrder = places.flatMap(([nodeId, position]) => found.get(`${nodeId} ${position}`) ?? [])
    const item = showOrder(ofOrder, personId, currency)
    return item ? [{ item, position: { before: at } }] : []
  })
}
