import { notFound } from '../http/problem.ts'
import { emptyLedger } from '../journey/fold.ts'
import type { Order } from '../journey/order.ts'
import { showOrder, toOrderTouch } from '../journey/order-view.ts'
import { comparePositions } from '../journey/touch.ts'
import type { IdentityStore } from '../store/identity.ts'
import { type JourneyStore, readIntoLedger } from '../store/journeys.ts'
import { orderSort } from '../store/keys.ts'
import type { TouchpointStore } from '../store/touchpoints.ts'
import { showOrders } from './order-places.ts'

export type OrderDeps = {
  identity: Pick<IdentityStore, 'personIds'>
  journeys: JourneyStore
  touchpoints: Pick<TouchpointStore, 'at' | 'ofNobodysOrder'>
  currency: string
  now: () => Date
}

/** The order of a number: a person's before nobody's, of several persons the earliest. */
export async function readOrder(orderId: string, deps: OrderDeps) {
  const found = (await orderOfSomebody(orderId, deps)) ?? (await orderOfNobody(orderId, deps))
  if (!found) throw notFound('no order is known by this number')
  return found
}

async function orderOfSomebody(orderId: string, deps: OrderDeps) {
  const named = await deps.journeys.personsByOrder(orderId)
  const current = await deps.identity.personIds(named)
  // Its journeys follow a merge a moment later: until then the order is where it was.
  const candidates = [...new Set([...named, ...current.values()])]
  const bought = await ordersOf(candidates, orderId, deps.journeys)
  for (const { personId, order } of bought) {
    const [shown] = await showOrders([order.touches], current.get(personId) ?? personId, deps)
    if (shown) return shown
  }
  return null
}

type Bought = { personId: string; order: Order; at: string }

/** What these persons bought under a number, the earliest first: of the generation that their checkpoint names. */
async function ordersOf(
  personIds: readonly string[],
  orderId: string,
  store: JourneyStore,
): Promise<Bought[]> {
  const checkpoints = await store.checkpoints(personIds, true)
  const found = await Promise.all(
    [...checkpoints.values()].map(async ({ personId, generation, state }): Promise<Bought[]> => {
      if (!state) return []
      const ledger = emptyLedger()
      readIntoLedger(await store.rows(personId, [orderSort(generation, orderId)]), generation, ledger)
      const order = ledger.orders.get(orderId)
      return order && order.at !== null ? [{ personId, order, at: order.at }] : []
    }),
  )
  return found
    .flat()
    .sort((a, b) => comparePositions(a.at, b.at) || comparePositions(a.order.first, b.order.first))
}

async function orderOfNobody(orderId: string, { touchpoints, currency, now }: OrderDeps) {
  const stored = await touchpoints.ofNobodysOrder(orderId, now())
  const reports = stored.map(toOrderTouch).filter(({ order }) => order?.id === orderId)
  return showOrder(reports, null, currency)
}
