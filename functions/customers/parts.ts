import type { IdentityStore } from '../store/identity.ts'
import { readCustomer } from './customer.ts'
import { type JourneysDeps, listJourneys } from './journeys.ts'
import { type LookupPart, unknownToUs } from './lookup.ts'
import { listOrders, type OrdersDeps } from './orders.ts'
import { type ProfileDeps, readWithRecords, showProfile } from './profile.ts'

export type PartsDeps = ProfileDeps &
  OrdersDeps &
  JourneysDeps & { identity: Pick<IdentityStore, 'persons' | 'personIds'> }

/** All parts have to fit into one answer. */
const page = { limit: 50, maxBytes: 800_000 }

/** The person of a node, with the parts that were asked for, which are read beside each other. */
export async function readParts(nodeId: string, parts: readonly LookupPart[], deps: PartsDeps) {
  if (parts.length === 0) {
    const personId = (await deps.identity.personIds([nodeId])).get(nodeId)
    if (personId === undefined) throw unknownToUs()
    return { personId }
  }
  const withRecords = parts.includes('profile') ? await readWithRecords(nodeId, deps) : null
  const customer = withRecords?.customer ?? (await readCustomer(nodeId, deps.customers))
  const [profile, orders, journeys] = await Promise.all([
    withRecords && showProfile(withRecords, deps),
    parts.includes('orders') && listOrders(customer, page, deps),
    parts.includes('journeys') && listJourneys(customer, page, deps),
  ])
  return {
    personId: customer.person.personId,
    ...(profile && { profile }),
    ...(orders && { orders: orders.items }),
    ...(journeys && { journeys: journeys.items }),
  }
}
