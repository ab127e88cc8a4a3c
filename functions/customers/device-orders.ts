import type { Person } from '../identity/person.ts'
import { eventOfPosition, isPurchaseAt, type Touch, toTouch } from '../journey/touch.ts'
import type { JourneyStore } from '../store/journeys.ts'
import { lastCharacter, orderSort, touchpointSort } from '../store/keys.ts'
import { ledgerOf } from './ledger.ts'
import type { PlacedOrder } from './order-places.ts'
import type { TimelineDeps } from './timeline.ts'

/** So many touchpoints are looked at for a page at most; it may be short then, with a cursor. */
const lookedAt = 2_000
/** So many are read at once: each may have 256 KB. */
const pageSize = 100

type Range = { generation: string; before: string; limit: number }

/**
 * Orders made on a shared device, the latest first. They have converted no journey, so they are looked for among the
 * touchpoints of its one node.
 */
export async function ordersOnDevice(
  { personId }: Person,
  { generation, before, limit }: Range,
  { journeys, touchpoints }: TimelineDeps,
): Promise<{ orders: PlacedOrder[]; next: string | null }> {
  const found: PlacedOrder[] = []
  let at: string | null = before
  for (let seen = 0; at !== null && found.length <= limit && seen < lookedAt; seen += pageSize) {
    const to: string = at === lastCharacter ? `T#${lastCharacter}` : touchpointSort(eventOfPosition(at))
    // The one where the last page ended is read again.
    const read = await touchpoints.some(personId, { from: 'T#', to, backwards: true, limit: pageSize + 1 })
    const touches = read.filter((stored) => touchpointSort(stored) !== to).map(toTouch)
    found.push(...(await ordersFirstToldBy(touches, { personId, generation }, journeys)))
    at = read.length > pageSize ? (touches.at(-1)?.position ?? null) : null
  }
  const page = found.slice(0, limit)
  const next = found.length > limit ? (page.at(-1)?.at ?? null) : at
  return { orders: page, next }
}

/** The orders whose earliest report is among these touchpoints. */
async function ordersFirstToldBy(
  touches: readonly Touch[],
  { personId, generation }: { personId: string; generation: string },
  journeys: JourneyStore,
): Promise<PlacedOrder[]> {
  const purchases = touches.filter(({ type }) => type === 'purchase')
  const sks = purchases.flatMap(({ order }) =>
    order?.id === undefined ? [] : orderSort(generation, order.id),
  )
  const { orders } = ledgerOf(await journeys.rows(personId, sks), generation)
  return purchases.flatMap(({ nodeId, position, order }): PlacedOrder[] => {
    if (order?.id === undefined) return [{ at: position, places: [[nodeId, position]] }]
    const places = orders.get(order.id)?.touches ?? []
    const isFirst = places.find(([, one]) => isPurchaseAt(one))?.[1] === position
    return isFirst ? [{ at: position, places }] : []
  })
}
