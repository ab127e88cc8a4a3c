import { aliasesOf, type Person } from '../identity/person.ts'
import { emptyState } from '../journey/fold.ts'
import { showSummary } from '../journey/summary-view.ts'
import type { IdentityStore } from '../store/identity.ts'
import type { IdentityAudit } from '../store/identity-audit.ts'
import type { JourneyStore } from '../store/journeys.ts'
import type { FoldedDeps } from './folded.ts'
import { readHouseholds } from './households.ts'
import { withLatestPaid } from './latest-paid.ts'

export type ProfileDeps = Pick<FoldedDeps, 'rulesOf'> & {
  audit: IdentityAudit
  identity: Pick<IdentityStore, 'personIds'>
  journeys: JourneyStore
  currency: string
  now: () => Date
}

/** The 360° view, as far as it is served yet. Only members of a household cost further reads. */
export async function showProfile(person: Person, deps: ProfileDeps) {
  const [{ identifiers, evidence }, checkpoints] = await Promise.all([
    deps.audit.records(person),
    deps.journeys.checkpoints([person.personId], true),
  ])
  const anchor = (type: string) => identifiers.find((one) => one.type === type)?.anchorValue ?? null
  const checkpoint = checkpoints.get(person.personId)
  const state = checkpoint?.state
    ? await withLatestPaid(checkpoint, checkpoint.state, deps.journeys, deps.currency)
    : emptyState
  return {
    personId: person.personId,
    kind: person.kind,
    aliases: aliasesOf(person),
    customerId: anchor('customer_id'),
    loyaltyId: anchor('loyalty_id'),
    identifiers: identifiers.map(({ type, masked }) => ({ type, masked })),
    ...showSummary(state, deps.now().toISOString(), await deps.rulesOf(checkpoint?.rules)),
    households: await readHouseholds(evidence, deps),
  }
}
