import { showOrder, toOrderTouch } from '../journey/order-view.ts'
import { eventOfPosition } from '../journey/touch.ts'
import { touchpointItem } from '../store/keys.ts'
import type { TouchpointStore } from '../store/touchpoints.ts'

/** Where the touchpoints of one order may be: node and position. */
export type OrderPlaces = readonly (readonly [string, string])[]

export type ShowOrdersDeps = { touchpoints: Pick<TouchpointStore, 'at'>; currency: string }

/** Orders of a person from their touchpoints, all read together. */
export async function showOrders(
  orders: readonly OrderPlaces[],
  personId: string,
  { touchpoints, currency }: ShowOrdersDeps,
) {
  const keys = orders.flat().map(([nodeId, position]) => touchpointItem(nodeId, eventOfPosition(position)))
  const touches = (await touchpoints.at(keys)).map(toOrderTouch)
  const found = new Map(touches.map((touch) => [`${touch.nodeId} ${touch.position}`, touch]))
  return orders.flatMap((places) => {
    const ofOrder = places.flatMap(([nodeId, position]) => found.get(`${nodeId} ${position}`) ?? [])
    return showOrder(ofOrder, personId, currency) ?? []
  })
}
