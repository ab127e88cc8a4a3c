import type { Row } from '../store/checkpoint.ts'
import { type JourneyStore, ledgerRows, readIntoLedger } from '../store/journeys.ts'
import { journeySort, orderSort, refundSort } from '../store/keys.ts'
import { type Base, emptyLedger, type Ledger } from './fold-state.ts'
import type { Model } from './model.ts'
import { orderTypes } from './order.ts'
import { comparePositions, type Touch } from './touch.ts'

/**
 * Reads what these touches may refer to: their orders and refunds, the journeys that those orders converted, and the
 * journey converted last. The usual touch needs nothing and costs no request.
 */
export async function readLedger(
  store: JourneyStore,
  personId: string,
  generation: string,
  touches: readonly Touch[],
  { lastConverted }: Base,
  { phaseOf, afterSales }: Model,
): Promise<Ledger> {
  const ledger = emptyLedger()
  const isAfterSales = (touch: Touch) => phaseOf(touch) === afterSales
  const followUps = touches.filter((touch) => orderTypes.has(touch.type) || isAfterSales(touch))
  if (followUps.length === 0) return ledger
  const orders = followUps.flatMap(({ order }) =>
    order?.id === undefined ? [] : [orderSort(generation, order.id)],
  )
  const refunds = followUps.flatMap(({ order }) =>
    order?.refundId === undefined ? [] : [refundSort(generation, order.refundId)],
  )
  const last =
    lastConverted && followUps.some(isAfterSales) ? [journeySort(generation, lastConverted.start)] : []
  const read = async (sks: readonly string[]) =>
    sks.length > 0 && readIntoLedger(await store.rows(personId, sks), generation, ledger)
  await read([...orders, ...refunds, ...last])
  const journeys = [...ledger.orders.values()].flatMap(({ journey }) =>
    journey === null || ledger.journeys.has(journey) ? [] : [journeySort(generation, journey)],
  )
  await read(journeys)
  return ledger
}

export const copyOfLedger = (ledger: Ledger): Ledger => ({
  journeys: new Map(ledger.journeys),
  orders: new Map(ledger.orders),
  refunds: new Map(ledger.refunds),
  bases: new Map(ledger.bases),
})

/** What a fold has added or changed. */
export function changedPart(after: Ledger, before: Ledger): Ledger {
  return {
    journeys: changedEntries(after.journeys, before.journeys),
    orders: changedEntries(after.orders, before.orders),
    refunds: changedEntries(after.refunds, before.refunds),
    bases: changedEntries(after.bases, before.bases),
  }
}

function changedEntries<T>(after: ReadonlyMap<string, T>, before: ReadonlyMap<string, T>): Map<string, T> {
  return new Map([...after].filter(([name, value]) => before.get(name) !== value))
}

/** Only what came to be at a position or after it. */
export function partFrom(ledger: Ledger, position: string): Ledger {
  return filterLedger(ledger, (first) => comparePositions(first, position) >= 0)
}

/** Only what came to be before a position. */
export function partBefore(ledger: Ledger, position: string): Ledger {
  return filterLedger(ledger, (first) => comparePositions(first, position) < 0)
}

function filterLedger(ledger: Ledger, keeps: (first: string) => boolean): Ledger {
  return {
    journeys: new Map([...ledger.journeys].filter(([start]) => keeps(start))),
    orders: new Map([...ledger.orders].filter(([, { first }]) => keeps(first))),
    refunds: new Map([...ledger.refunds].filter(([, { first }]) => keeps(first))),
    bases: new Map([...ledger.bases].filter(([start]) => keeps(start))),
  }
}

/** The earliest position that anything in the ledger came to be at; null if it is empty. */
export function earliestIn({ journeys, orders }: Ledger): string | null {
  const positions = [...journeys.keys(), ...[...orders.values()].map(({ first }) => first)]
  return positions.sort(comparePositions)[0] ?? null
}

/** The rows of a ledger, by their sort key. */
export function rowsByKey(ledger: Ledger, generation: string): Map<string, Row> {
  return new Map(ledgerRows(ledger, generation).map((row) => [row.sk, row]))
}
