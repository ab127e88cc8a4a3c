import type { Person } from '../identity/person.ts'
import { emptyState } from '../journey/fold.ts'
import { showSummary } from '../journey/summary-view.ts'
import type { IdentityAudit } from '../store/identity-audit.ts'
import type { JourneyStore } from '../store/journeys.ts'

export type ProfileDeps = { audit: IdentityAudit; journeys: JourneyStore; currency: string; now: () => Date }

export const aliasesOf = ({ personId, nodes }: Person): string[] =>
  Object.keys(nodes)
    .filter((nodeId) => nodeId !== personId)
    .sort()

/** The 360° view, as far as it is served yet. */
export async function showProfile(person: Person, deps: ProfileDeps) {
  const [identifiers, checkpoints] = await Promise.all([
    deps.audit.identifiers(person),
    deps.journeys.checkpoints([person.personId], true),
  ])
  const anchor = (type: string) => identifiers.find((one) => one.type === type)?.anchorValue ?? null
  const state = checkpoints.get(person.personId)?.state ?? emptyState
  return {
    personId: person.personId,
    kind: person.kind,
    aliases: aliasesOf(person),
    customerId: anchor('customer_id'),
    loyaltyId: anchor('loyalty_id'),
    identifiers: identifiers.map(({ type, masked }) => ({ type, masked })),
    ...showSummary(state, deps.now().toISOString(), deps.currency),
  }
}
