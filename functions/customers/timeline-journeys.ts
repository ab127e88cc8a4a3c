import type { Journey } from '../journey/journey.ts'
import { journeysBefore } from '../journey/membership.ts'
import type { Model } from '../journey/model.ts'
import type { Order } from '../journey/order.ts'
import { comparePositions, type Touch } from '../journey/touch.ts'
import type { JourneyStore } from '../store/journeys.ts'
import { journeySort, orderSort } from '../store/keys.ts'
import type { Folded } from './folded.ts'
import { ledgerOf } from './ledger.ts'

/** What tells which journey a touchpoint belongs to: journeys by their start, and the orders that are named. */
export type PageJourneys = { journeys: readonly Journey[]; orders: ReadonlyMap<string, Order> }

type Reading = { folded: Folded | null; model: Model; journeys: JourneyStore }

/** The journeys that the touchpoints of a page may belong to. */
export async function readPageJourneys(
  personId: string,
  touches: readonly Touch[],
  { folded, model, journeys: store }: Reading,
): Promise<PageJourneys> {
  const positions = touches.map(({ position }) => position).sort(comparePositions)
  const [first] = positions
  const last = positions.at(-1)
  if (!folded || first === undefined || last === undefined) return { journeys: [], orders: new Map() }
  const { generation, state } = folded
  const sort = (position: string) => journeySort(generation, position)
  const numbers = touches.flatMap(({ order }) => order?.id ?? [])
  const before = { backwards: true, limit: journeysBefore(model) }
  const rows = await Promise.all([
    store.rowsBetween(personId, sort(first), sort(last)),
    store.someRowsBetween(personId, sort(''), sort(first), before),
    store.rows(
      personId,
      numbers.map((orderId) => orderSort(generation, orderId)),
    ),
  ])
  const near = ledgerOf(rows.flat(), generation)
  const starts = [...near.orders.values()].flatMap(({ journey }) => journey ?? [])
  const far = starts.filter((start) => !near.journeys.has(start))
  const ofOrders = ledgerOf(await store.rows(personId, far.map(sort)), generation)
  const running: [string, Journey][] = state.running ? [[state.running.start, state.running]] : []
  // Read a moment later than the checkpoint, the running journey may have ended.
  const all = new Map([...running, ...near.journeys, ...ofOrders.journeys])
  const journeys = [...all.values()].sort((a, b) => comparePositions(a.start, b.start))
  return { journeys, orders: near.orders }
}
