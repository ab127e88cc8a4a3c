import { z } from 'zod'
import type { Person } from '../identity/person.ts'
import type { Binding, KeyedIdentifier, Plan } from '../identity/plan.ts'
import {
  batchExecute,
  batchGet,
  type Item,
  insertStatement,
  numberOf,
  type Table,
  text,
  textOf,
  transact,
} from './dynamodb.ts'
import { planItems, refusalRows } from './identity-items.ts'
import { identifierItem, nodeItem, refusalItem } from './keys.ts'

/** An identifier with what is kept of it. */
export type StoredIdentifier = KeyedIdentifier & { masked: string; anchorValue: string | null }

/** Why identities change: an event. */
export type Cause = { eventId: string; source: string; time: string }

/** A binding with the time of the earliest event that brought the identifier. */
export type StoredBinding = Binding & { firstSeenAt: string }

export type IdentityStore = {
  bindings: (identifierKeys: readonly string[]) => Promise<Map<string, StoredBinding>>
  /** Moves the first sight of identifiers to an earlier time; keys must not repeat. */
  seenEarlier: (sights: readonly { key: string; at: string }[]) => Promise<void>
  /** The person of each node that exists, read consistently. */
  persons: (nodeIds: readonly string[]) => Promise<Map<string, Person>>
  /** Which of these refusals are recorded, as `nodeId reason identifierKey`. */
  recordedRefusals: (refusals: readonly RefusalAt[]) => Promise<Set<string>>
  /** Does the plan in one transaction, then records its refusals; `conflict` if anything it was made from has changed. */
  apply: (
    plan: Plan,
    identifiers: readonly StoredIdentifier[],
    cause: Cause,
    now: Date,
  ) => Promise<'done' | 'conflict'>
}

export type RefusalAt = { nodeId: string; reason: string; identifierKey: string }

export const refusalName = ({ nodeId, reason, identifierKey }: RefusalAt): string =>
  `${nodeId} ${reason} ${identifierKey}`

const counts = z.record(z.string(), z.number())
const personDetail = z.object({
  nodes: z.record(z.string(), counts),
  connections: z.array(
    z.object({
      mergeId: z.string(),
      nodes: z.tuple([z.string(), z.string()]),
      undoneAt: z.string().nullable(),
    }),
  ),
})

export function createIdentityStore(table: Table): IdentityStore {
  return {
    bindings: async (keys) => {
      const items = await batchGet(table, keys.map(identifierItem), true)
      return new Map(items.map((item) => [textOf(item, 'pk').slice(2), parseBinding(item)]))
    },
    seenEarlier: async (sights) => {
      const statements = sights.map(({ key, at }) => {
        const { pk, sk } = identifierItem(key)
        return {
          Statement: `UPDATE "${table.name}" SET f=? WHERE pk=? AND sk=? AND f>?`,
          Parameters: [text(at), text(pk), text(sk), text(at)],
        }
      })
      await batchExecute(table, statements)
    },
    persons: (nodeIds) => readPersons(table, nodeIds),
    recordedRefusals: async (refusals) => {
      const names = new Map<string, string>()
      const keys = refusals.map((refusal) => {
        const key = refusalItem(refusal.nodeId, refusal.reason, refusal.identifierKey)
        names.set(`${key.pk} ${key.sk}`, refusalName(refusal))
        return key
      })
      const items = await batchGet(table, keys, true)
      return new Set(items.flatMap((item) => names.get(`${textOf(item, 'pk')} ${textOf(item, 'sk')}`) ?? []))
    },
    apply: async (plan, identifiers, cause, now) => {
      const items = planItems(table.name, plan, identifiers, cause, now)
      if (items.length > 0 && (await transact(table, items)) === 'conflict') return 'conflict'
      const refusals = refusalRows(plan, identifiers, cause, now)
      await batchExecute(
        table,
        refusals.map((row) => insertStatement(table, row)),
      )
      return 'done'
    },
  }
}

function parseBinding(item: Item): StoredBinding {
  return {
    nodeId: textOf(item, 'n'),
    neutralNodeId: item.s?.S ?? null,
    shared: item.sh?.BOOL ?? false,
    firstSeenAt: textOf(item, 'f'),
  }
}

async function readPersons(table: Table, nodeIds: readonly string[]): Promise<Map<string, Person>> {
  const persons = new Map<string, Person>()
  let open = [...new Set(nodeIds)]
  // A merge between the two reads sends us round again: the root read is no longer one.
  while (open.length > 0) {
    const nodes = await readNodes(table, open)
    const roots = new Map([...nodes].filter(([nodeId, item]) => textOf(item, 'r') === nodeId))
    const others = [...nodes.values()].map((item) => textOf(item, 'r')).filter((root) => !roots.has(root))
    for (const [root, item] of await readNodes(table, others)) roots.set(root, item)
    for (const nodeId of open) {
      const node = nodes.get(nodeId)
      const root = node && roots.get(textOf(node, 'r'))
      const person = root ? parsePerson(root) : null
      if (person && nodeId in person.nodes) persons.set(nodeId, person)
    }
    open = open.filter((nodeId) => nodes.has(nodeId) && !persons.has(nodeId))
  }
  return asOfLatest(persons)
}

/** Of a person read at two moments, the later reading for all its nodes. */
function asOfLatest(persons: ReadonlyMap<string, Person>): Map<string, Person> {
  const latest = new Map<string, Person>()
  for (const person of [...persons.values()].sort((a, b) => a.version - b.version)) {
    for (const nodeId of Object.keys(person.nodes)) latest.set(nodeId, person)
  }
  return new Map([...persons].map(([nodeId, person]) => [nodeId, latest.get(nodeId) ?? person]))
}

async function readNodes(table: Table, nodeIds: readonly string[]): Promise<Map<string, Item>> {
  const items = await batchGet(table, nodeIds.map(nodeItem), true)
  return new Map(items.map((item) => [textOf(item, 'pk').slice(2), item]))
}

/** The person of a root's item; null if the node is not a root (any more). */
export function parsePerson(item: Item): Person | null {
  const personId = textOf(item, 'pk').slice(2)
  if (textOf(item, 'r') !== personId) return null
  return {
    personId,
    kind: item.k?.S === 'shared_device' ? 'shared_device' : 'person',
    version: numberOf(item, 'v'),
    topology: numberOf(item, 'h'),
    ...personDetail.parse(JSON.parse(textOf(item, 'd'))),
  }
}
