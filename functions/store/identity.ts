import * as z from 'zod'
import type { Person } from '../identity/person.ts'
import type { KeyedIdentifier, Plan } from '../identity/plan.ts'
import type { Undoing } from '../identity/undo.ts'
import { number, string, stringOrNull } from '../runtime/fields.ts'
import { bindOnSight, readBindings, type Sought, type StoredBinding } from './bindings.ts'
import {
  batchExecute,
  batchGet,
  type Item,
  numberOf,
  type Table,
  text,
  textOf,
  transact,
} from './dynamodb.ts'
import { checkItems, planItems, undoItems } from './identity-items.ts'
import { identifierItem, nodeItem, refusalItem } from './keys.ts'
import { type OwnedMarking, ownedMarkItems } from './mark-items.ts'
import { unpackedText } from './packed.ts'
import { refusalItems } from './refusal-items.ts'

/** An identifier with what is kept of it. */
export type StoredIdentifier = KeyedIdentifier & Sought & { masked: string; anchorValue: string | null }

/** Why identities change: an event, or somebody who said why. */
export type Cause = EventCause | OperatorCause
type EventCause = { eventId: string; source: string; time: string }
export type OperatorCause = { operator: string; reason: string | null }

export type IdentityStore = {
  /** By current key, to read only. */
  bindings: (identifiers: readonly Sought[]) => Promise<Map<string, StoredBinding>>
  /** By current key, under which they are stored then, to plan and write. */
  bindOnSight: (identifiers: readonly Sought[]) => Promise<Map<string, StoredBinding>>
  /** Moves the first sight of identifiers to an earlier time; keys must not repeat. */
  seenEarlier: (sights: readonly { key: string; at: string }[]) => Promise<void>
  /** The person of each node that exists, read consistently. */
  persons: (nodeIds: readonly string[]) => Promise<Map<string, Person>>
  /** The same, as of up to a second ago: who was merged just now may be missing. */
  personsAround: (nodeIds: readonly string[]) => Promise<Map<string, Person>>
  /** Which of these refusals are recorded, as `nodeId reason identifierKey`. */
  recordedRefusals: (refusals: readonly RefusalAt[]) => Promise<Set<string>>
  /** Does the plan and records its refusals in one transaction; `conflict` if anything it was made from has changed. */
  apply: (
    plan: Plan,
    identifiers: readonly StoredIdentifier[],
    cause: Cause,
    now: Date,
  ) => Promise<'done' | 'conflict'>
  /** Takes a connection away in one transaction. */
  undo: (undoing: Undoing, cause: OperatorCause) => Promise<'done' | 'conflict'>
  /** Sets or lifts the mark of a shared device in one transaction. */
  mark: (marking: OwnedMarking, cause: OperatorCause, now: Date) => Promise<'done' | 'conflict'>
  /** The id of the person of each node that exists, read consistently. */
  personIds: (nodeIds: readonly string[]) => Promise<Map<string, string>>
}

export type RefusalAt = { nodeId: string; reason: string; identifierKey: string }

export const refusalName = ({ nodeId, reason, identifierKey }: RefusalAt): string =>
  `${nodeId} ${reason} ${identifierKey}`

/** In a transaction. */
const maxItems = 100

const counts = z.record(string, number)
const personDetail = z.object({
  change: z
    .object({ from: number, nodes: z.array(string) })
    .nullable()
    .default(null),
  nodes: z.record(string, counts),
  connections: z.array(
    z.object({
      mergeId: string,
      nodes: z.tuple([string, string]),
      undoneAt: stringOrNull,
    }),
  ),
})

export function createIdentityStore(table: Table): IdentityStore {
  return {
    bindings: (identifiers) => readBindings(table, identifiers),
    bindOnSight: (identifiers) => bindOnSight(table, identifiers),
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
    personsAround: async (nodeIds) => (await readPersonsOnce(table, nodeIds, false)).persons,
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
      // Read at two moments, a person may be part of another one by the second.
      if ([...plan.seen, ...plan.marked].some(({ personId }) => plan.person && personId in plan.person.nodes))
        return 'conflict'
      const refusals = refusalItems(table.name, plan, identifiers, cause, now)
      const first = planItems(table.name, plan, identifiers, cause, now)
      first.push(...checkItems(table.name, plan).slice(0, Math.max(0, maxItems - first.length)))
      // All in one step. For what there is no room for it takes a merge of nearly as many nodes as a person may have,
      // or an event with dozens of refusals: checks are left out then, refusals follow, each by itself.
      while (refusals[0] && first.length + refusals[0].length <= maxItems)
        first.push(...(refusals.shift() ?? []))
      if (first.length > 0 && (await transact(table, first)) === 'conflict') return 'conflict'
      // One that cannot be recorded has been by somebody else.
      for (const refusal of refusals) await transact(table, refusal)
      return 'done'
    },
    undo: (undoing, cause) => transact(table, undoItems(table.name, undoing, cause)),
    mark: (marking, cause, now) => transact(table, ownedMarkItems(table.name, marking, cause, now)),
    personIds: async (nodeIds) => {
      const nodes = await readNodes(table, nodeIds)
      return new Map([...nodes].map(([nodeId, item]) => [nodeId, textOf(item, 'r')]))
    },
  }
}

async function readPersons(table: Table, nodeIds: readonly string[]): Promise<Map<string, Person>> {
  const all = new Map<string, Person>()
  let open: readonly string[] = [...new Set(nodeIds)]
  // A merge between the two reads sends us round again: the root read is no longer one.
  while (open.length > 0) {
    const { persons, unsettled } = await readPersonsOnce(table, open, true)
    for (const [nodeId, person] of persons) all.set(nodeId, person)
    open = unsettled
  }
  return asOfLatest(all)
}

async function readPersonsOnce(table: Table, nodeIds: readonly string[], consistent: boolean) {
  const nodes = await readNodes(table, nodeIds, consistent)
  const roots = new Map([...nodes].filter(([nodeId, item]) => textOf(item, 'r') === nodeId))
  const others = [...nodes.values()].map((item) => textOf(item, 'r')).filter((root) => !roots.has(root))
  for (const [root, item] of await readNodes(table, others, consistent)) roots.set(root, item)
  const persons = new Map<string, Person>()
  for (const [nodeId, node] of nodes) {
    const root = roots.get(textOf(node, 'r'))
    const person = root ? parsePerson(root) : null
    if (person && nodeId in person.nodes) persons.set(nodeId, person)
  }
  return { persons, unsettled: [...nodes.keys()].filter((nodeId) => !persons.has(nodeId)) }
}

/** Of a person read at two moments, the later reading for all its nodes. */
function asOfLatest(persons: ReadonlyMap<string, Person>): Map<string, Person> {
  const latest = new Map<string, Person>()
  for (const person of [...persons.values()].sort((a, b) => a.version - b.version)) {
    for (const nodeId of Object.keys(person.nodes)) latest.set(nodeId, person)
  }
  return new Map([...persons].map(([nodeId, person]) => [nodeId, latest.get(nodeId) ?? person]))
}

async function readNodes(
  table: Table,
  nodeIds: readonly string[],
  consistent = true,
): Promise<Map<string, Item>> {
  const items = await batchGet(table, nodeIds.map(nodeItem), consistent)
  return new Map(items.map((item) => [textOf(item, 'pk').slice(2), item]))
}

/** The person of a root's item; null if the node is not a root (any more). */
export function parsePerson(item: Item): Person | null {
  const personId = textOf(item, 'pk').slice(2)
  if (textOf(item, 'r') !== personId) return null
  return {
    personId,
    kind: item.k?.S === 'shared_device' ? 'shared_device' : 'person',
    marked: item.mk?.BOOL ?? false,
    version: numberOf(item, 'v'),
    topology: numberOf(item, 'h'),
    ...personDetail.parse(JSON.parse(unpackedText(item.d))),
  }
}
