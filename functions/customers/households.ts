import { createHash } from 'node:crypto'
import type { IdentityStore } from '../store/identity.ts'
import type { IdentityAudit } from '../store/identity-audit.ts'
import { typeOfKey } from '../store/keys.ts'

/** Persons whom a refused card or device connects, without being one. */
type Household = {
  /** The same as long as the evidence is. */
  householdId: string
  /** The identifier, why it was refused, and how often with another node. */
  evidence: { type: string; masked: string; reason: string; count: number }
  personIds: string[]
}

export type HouseholdDeps = {
  audit: Pick<IdentityAudit, 'members'>
  identity: Pick<IdentityStore, 'personIds'>
}

/** More persons than these are a kiosk (contract, Identity, rule 9). */
const maxPersons = 8
const pageSize = 100

/** Rule 9 of the contract's section Identity, for each identifier that a refusal connects a person by. */
export async function readHouseholds(evidence: readonly string[], deps: HouseholdDeps): Promise<Household[]> {
  const households = await Promise.all(evidence.map((identifier) => householdOf(identifier, deps)))
  return households.flatMap((household) => household ?? [])
}

async function householdOf(
  identifier: string,
  { audit, identity }: HouseholdDeps,
): Promise<Household | null> {
  const persons = new Set<string>()
  let count = 0
  let shown = { masked: '', reason: '' }
  for (let after = ''; ; ) {
    const page = await audit.members(identifier, after, pageSize)
    const nodes = page.flatMap(({ nodeId, ownerNodeId }) => [nodeId, ownerNodeId])
    for (const personId of (await identity.personIds(nodes)).values()) persons.add(personId)
    if (persons.size > maxPersons) return null
    count += page.length
    const last = page.at(-1)
    if (last) shown = { masked: last.masked, reason: last.reason }
    if (!last || page.length < pageSize) break
    after = last.nodeId
  }
  if (persons.size < 2) return null
  return {
    householdId: createHash('sha256').update(identifier).digest('base64url').slice(0, 22),
    evidence: { type: typeOfKey(identifier), ...shown, count },
    personIds: [...persons].sort(),
  }
}
