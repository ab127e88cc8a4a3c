import type { Person } from '../identity/person.ts'
import { timeOfId } from '../runtime/clock.ts'
import type { IdentityAudit } from '../store/identity-audit.ts'
import { aliasesOf } from './profile.ts'

/** How a person came to be: identifiers, nodes, merges and refusals, with their causes. */
export async function showIdentity(person: Person, audit: IdentityAudit) {
  const [identifiers, merges, refusals] = await Promise.all([
    audit.identifiers(person),
    audit.merges(person),
    audit.refusals(person),
  ])
  return {
    personId: person.personId,
    kind: person.kind,
    aliases: aliasesOf(person),
    identifiers: identifiers.map(({ type, masked, shared, nodeId, firstSeenAt }) => {
      return { type, masked, status: shared ? 'shared' : 'bound', nodeId, firstSeenAt }
    }),
    nodes: Object.keys(person.nodes)
      .sort()
      .map((nodeId) => ({ nodeId, createdAt: timeOfId(nodeId).toISOString() })),
    merges: merges.map(({ mergeId, at, nodes, rule, cause, undoneAt }) => {
      return { mergeId, at, nodes, rule, cause, undoneAt }
    }),
    refusals: refusals.map(({ type, masked, reason, at, cause }) => ({ type, masked, reason, at, cause })),
    keptApart: person.connections.flatMap(({ nodes, undoneAt }) => (undoneAt === null ? [] : [nodes])),
  }
}
