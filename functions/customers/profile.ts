import { aliasesOf } from '../identity/person.ts'
import type { SegmentsReader } from '../insights/segments.ts'
import { emptyState, type FoldState, type Rules } from '../journey/fold-state.ts'
import { showSummary } from '../journey/summary-view.ts'
import type { CustomerStore } from '../store/customer.ts'
import type { IdentityStore } from '../store/identity.ts'
import type { IdentityAudit, NodeItems } from '../store/identity-audit.ts'
import type { JourneyStore } from '../store/journeys.ts'
import { type Customer, readCustomer } from './customer.ts'
import { type FoldedDeps, foldedOf, readFolded } from './folded.ts'
import { readHouseholds } from './households.ts'
import { needsLatestPaid, withLatestPaid } from './latest-paid.ts'

export type ProfileDeps = FoldedDeps & {
  audit: IdentityAudit
  customers: CustomerStore
  identity: Pick<IdentityStore, 'personIds'>
  journeys: JourneyStore
  segmentsOf: SegmentsReader
  now: () => Date
}

/** A customer with what is recorded at the nodes that it was found by, and its segments. */
export type WithRecords = {
  customer: Customer
  found: readonly NodeItems[]
  segments: readonly string[]
}

/** Takes no longer than to read the customer alone. */
export async function readWithRecords(
  asked: string,
  { customers, audit, segmentsOf }: ProfileDeps,
): Promise<WithRecords> {
  const found: NodeItems[] = []
  // The last node that is read is that of the person.
  let segments: readonly string[] = []
  const at = async (nodeId: string) => {
    const read = [customers.at(nodeId), audit.ofNode(nodeId), segmentsOf(nodeId)] as const
    const [customer, items, own] = await Promise.all(read)
    found.push(items)
    segments = own
    return customer
  }
  return { customer: await readCustomer(asked, { at }), found, segments }
}

/**
 * The 360° view, as far as it is served yet: one round trip for a person of one node, two for one of several. Only
 * members of a household cost further reads.
 */
export async function showProfile({ customer, found, segments }: WithRecords, deps: ProfileDeps) {
  const { person } = customer
  const [{ identifiers, evidence }, summary] = await Promise.all([
    deps.audit.records(person, found),
    readSummary(customer, deps),
  ])
  // Of several, as after a merge by hand, that of the oldest node: ids sort by when they were made.
  const byAge = identifiers.toSorted((a, b) => (a.nodeId < b.nodeId ? -1 : 1))
  const anchor = (type: string) =>
    byAge.find((one) => one.type === type && one.anchorValue !== null)?.anchorValue ?? null
  return {
    personId: person.personId,
    kind: person.kind,
    aliases: aliasesOf(person),
    customerId: anchor('customer_id'),
    loyaltyId: anchor('loyalty_id'),
    identifiers: identifiers.map(({ type, masked }) => ({ type, masked })),
    ...summary,
    segments,
    households: await readHouseholds(evidence, deps),
  }
}

/** A checkpoint tells it alone, but for the latest order of somebody who gave the latest ten back. */
async function readSummary({ person, checkpoint }: Customer, deps: ProfileDeps) {
  const { personId } = person
  const show = (state: FoldState, rules: Rules) => showSummary(state, deps.now().toISOString(), rules)
  if (!checkpoint?.state || !needsLatestPaid(checkpoint.state)) {
    const { folded, rules } = await foldedOf(checkpoint, deps.rulesOf)
    return show(folded?.state ?? emptyState, rules)
  }
  return readFolded({ personId, checkpoint }, deps, async (folded, rules) => {
    if (!folded) return show(emptyState, rules)
    const { generation, state } = folded
    return show(await withLatestPaid({ personId, generation }, state, deps.journeys, rules.currency), rules)
  })
}
