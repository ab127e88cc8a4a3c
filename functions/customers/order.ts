import { notFound } from '../http/problem.ts'
import type { Order } from '../journey/order.ts'
import { showOrder, toOrderTouch } from '../journey/order-view.ts'
import { comparePositions } from '../journey/touch.ts'
import type { Checkpoint } from '../store/checkpoint.ts'
import type { IdentityStore } from '../store/identity.ts'
import type { JourneyStore } from '../store/journeys.ts'
import { orderSort } from '../store/keys.ts'
import type { TouchpointStore } from '../store/touchpoints.ts'
import { type FoldedDeps, readFolded } from './folded.ts'
import { ledgerOf } from './ledger.ts'
import { showOrders } from './order-places.ts'

export type OrderDeps = FoldedDeps & {
  identity: Pick<IdentityStore, 'personIds'>
  journeys: JourneyStore
  touchpoints: Pick<TouchpointStore, 'at' | 'ofNobodysOrder'>
  /** Of nobody's orders without currency; a person's have that of the rules that they were folded by. */
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
  const checkpoints = await deps.journeys.checkpoints(candidates, true)
  const found = await Promise.all(
    [...checkpoints.values()].map((checkpoint) => boughtBy(checkpoint, orderId, deps)),
  )
  const bought = found.flatMap((one) => one ?? []).sort(byPurchase)
  for (const { personId, order, currency } of bought) {
    const placed = [{ at: order.first, places: order.touches }]
    const [shown] = await showOrders(placed, current.get(personId) ?? personId, { ...deps, currency })
    if (shown) return shown.item
  }
  return null
}

type Bought = { personId: string; order: Order; at: string; currency: string }

const byPurchase = (a: Bought, b: Bought): number =>
  comparePositions(a.at, b.at) || comparePositions(a.order.first, b.order.first)

/** What a person bought under a number, and the currency if it has none; null: nothing. */
async function boughtBy(checkpoint: Checkpoint, orderId: string, deps: OrderDeps): Promise<Bought | null> {
  const { personId } = checkpoint
  return readFolded({ personId, checkpoint }, deps, async (folded, { currency }) => {
    if (!folded) return null
    const { generation } = folded
    const rows = await deps.journeys.rows(personId, [orderSort(generation, orderId)])
    const order = ledgerOf(rows, generation).orders.get(orderId)
    return order && order.at !== null ? { personId, order, at: order.at, currency } : null
  })
}

async function orderOfNobody(orderId: string, { touchpoints, currency, now }: OrderDeps) {
  const stored = await touchpoints.ofNobodysOrder(orderId, now())
  const reports = stored.map(toOrderTouch).filter(({ order }) => order?.id === orderId)
  return showOrder(reports, null, currency)
}
