import * as z from 'zod'
import { type pageParameters, readCursor, writeCursor } from '../http/page.ts'
import { aliasesOf, type Person } from '../identity/person.ts'
import { timeOfId } from '../runtime/clock.ts'
import type { IdentityAudit, KeptIdentifier, MergeRecord } from '../store/identity-audit.ts'

/** How a person came to be: identifiers, nodes, merges and refusals, with their causes. */
export async function showIdentity(person: Person, audit: IdentityAudit) {
  const [{ identifiers, refusals }, merges] = await Promise.all([audit.records(person), audit.merges(person)])
  return {
    personId: person.personId,
    kind: person.kind,
    aliases: aliasesOf(person),
    identifiers: identifiers.map(showIdentifier),
    nodes: Object.keys(person.nodes)
      .sort()
      .map((nodeId) => ({ nodeId, createdAt: timeOfId(nodeId).toISOString() })),
    merges: merges.map(showMerge),
    refusals: refusals.map(({ type, masked, reason, at, cause }) => ({ type, masked, reason, at, cause })),
    keptApart: keptApart(person),
  }
}

const mergesCursor = z.object({ after: z.string() })

/** A person's merges, in force and undone, oldest first. */
export async function listMerges(
  person: Person,
  { limit, cursor }: z.output<z.ZodObject<typeof pageParameters>>,
  audit: IdentityAudit,
) {
  const after = readCursor(cursor, mergesCursor)?.after ?? ''
  const wanted = person.connections
    .toSorted((a, b) => (a.mergeId < b.mergeId ? -1 : 1))
    .filter(({ mergeId }) => mergeId > after)
  const page = wanted.slice(0, limit)
  const items = await audit.merges({ ...person, connections: page })
  const last = wanted.length > limit ? page.at(-1) : undefined
  return { items: items.map(showMerge), nextCursor: last ? writeCursor({ after: last.mergeId }) : null }
}

function showIdentifier({ type, masked, shared, nodeId, firstSeenAt, mark }: KeptIdentifier) {
  const byOperator = mark && 'operator' in mark.cause ? { at: mark.at, ...mark.cause } : null
  const status = shared ? 'shared' : 'bound'
  return { type, masked, status, nodeId, firstSeenAt, ...(byOperator && { markedBy: byOperator }) }
}

function showMerge({ mergeId, at, nodes, rule, cause, undoneAt, undoneBy }: MergeRecord) {
  return { mergeId, at, nodes, rule, cause, undoneAt, ...(undoneBy && { undoneBy }) }
}

/** An operator may have joined again what was set apart. */
function keptApart({ connections, nodes }: Person) {
  return connections.flatMap(({ nodes: [a, b], undoneAt }) =>
    undoneAt === null || (a in nodes && b in nodes) ? [] : [[a, b]],
  )
}
