import type { StoredBinding } from '../store/bindings.ts'
import type { IdentityStore, StoredIdentifier } from '../store/identity.ts'
import type { BindingCache } from './binding-cache.ts'
import { type Person, withMark } from './person.ts'
import type { Binding, KeyedIdentifier, Plan, World } from './plan.ts'

/** What is known of identities while a batch is resolved; grows with what is read and what is done. */
export type BatchWorld = World & {
  /** Reads what the planning of events with these identifiers may need and is not known yet. */
  load: (events: readonly (readonly StoredIdentifier[])[]) => Promise<void>
  /** Whether all of it is at hand: what others of the batch forget meanwhile has to be read again. */
  isLoaded: (identifiers: readonly StoredIdentifier[]) => boolean
  /** Takes over what a plan has changed for an event of this time. */
  update: (plan: Plan, time: string) => void
  /** Those of the identifiers that no event of so early a time had brought, as far as is known. */
  seenFirst: (identifiers: readonly StoredIdentifier[], time: string) => StoredIdentifier[]
  /** Takes over that an identifier has been seen so early. */
  sawFirst: (identifier: StoredIdentifier, time: string) => void
  /** Forgets what is known of these identifiers, as somebody else has changed it. */
  forget: (identifiers: readonly StoredIdentifier[]) => void
  /** The nodes that the touchpoints of these identifiers may be stored under. */
  nodesOf: (identifiers: readonly StoredIdentifier[]) => string[]
  /** Names of all that these identifiers touch: events that share one depend on each other. */
  concerns: (identifiers: readonly StoredIdentifier[]) => string[]
}

export function createBatchWorld(store: IdentityStore, cache: BindingCache): BatchWorld {
  const bindings = new Map<string, StoredBinding | undefined>()
  const persons = new Map<string, Person>()
  /** Of each identifier the first sight that is known of, whatever is forgotten. */
  const sights = new Map<string, string>()

  const remember = (identifier: KeyedIdentifier, binding: StoredBinding) => {
    bindings.set(identifier.key, binding)
    sights.set(identifier.key, binding.firstSeenAt)
    cache.put(identifier, binding)
  }

  const loadBindings = async (identifiers: readonly StoredIdentifier[]) => {
    const missing = new Map<string, StoredIdentifier>()
    for (const identifier of identifiers) {
      if (bindings.has(identifier.key)) continue
      const cached = cache.get(identifier)
      if (cached) remember(identifier, cached)
      else missing.set(identifier.key, identifier)
    }
    if (missing.size === 0) return
    const found = await store.bindOnSight([...missing.values()])
    for (const [key, identifier] of missing) {
      const binding = found.get(key)
      if (binding) remember(identifier, binding)
      else bindings.set(key, undefined)
    }
  }

  const nodesOf = (identifiers: readonly StoredIdentifier[]) => {
    const nodes = identifiers.flatMap(({ key }) => {
      const binding = bindings.get(key)
      return binding ? [binding.nodeId, ...(binding.neutralNodeId ? [binding.neutralNodeId] : [])] : []
    })
    return [...new Set(nodes)]
  }

  return {
    binding: (key) => bindings.get(key),
    personOf: (nodeId) => {
      const person = persons.get(nodeId)
      if (!person) throw new Error(`the person of node ${nodeId} has not been read`)
      return person
    },
    load: async (events) => {
      await loadBindings(events.flat())
      const nodes = events.flatMap((identifiers) => boundNodes(identifiers, bindings))
      const missing = nodes.filter((nodeId) => !persons.has(nodeId))
      if (missing.length === 0) return
      for (const person of (await store.persons(missing)).values()) {
        for (const nodeId of Object.keys(person.nodes)) persons.set(nodeId, person)
      }
    },
    update: (plan, time) => {
      for (const { identifier, nodeId } of plan.binds) {
        const binding = { nodeId, neutralNodeId: null, shared: false, firstSeenAt: time }
        remember(identifier, binding)
      }
      for (const { identifier, neutralNodeId } of plan.shares) {
        const binding = bindings.get(identifier.key)
        if (binding) bindings.set(identifier.key, { ...binding, neutralNodeId, shared: true })
      }
      for (const person of plan.marked.map(withMark)) {
        for (const nodeId of Object.keys(person.nodes)) persons.set(nodeId, person)
      }
      if (!plan.person) return
      for (const nodeId of Object.keys(plan.person.nodes)) persons.set(nodeId, plan.person)
    },
    forget: (identifiers) => {
      for (const { key } of identifiers) {
        const nodeId = bindings.get(key)?.nodeId
        const person = nodeId === undefined ? undefined : persons.get(nodeId)
        for (const stale of Object.keys(person?.nodes ?? {})) persons.delete(stale)
        bindings.delete(key)
      }
    },
    isLoaded: (identifiers) =>
      identifiers.every(({ key }) => bindings.has(key)) &&
      boundNodes(identifiers, bindings).every((nodeId) => persons.has(nodeId)),
    seenFirst: (identifiers, time) => identifiers.filter(({ key }) => (sights.get(key) ?? '') > time),
    sawFirst: (identifier, time) => {
      const binding = bindings.get(identifier.key)
      if (binding) remember(identifier, { ...binding, firstSeenAt: time })
    },
    nodesOf,
    concerns: (identifiers) => [
      ...identifiers.map(({ key }) => `identifier ${key}`),
      ...nodesOf(identifiers).map((nodeId) => `node ${persons.get(nodeId)?.personId ?? nodeId}`),
    ],
  }
}

/** Nodes whose persons the plan of an event has to see: none if all its identifiers that count have one node. */
function boundNodes(
  identifiers: readonly StoredIdentifier[],
  bindings: ReadonlyMap<string, Binding | undefined>,
): string[] {
  const personal = identifiers.map(({ key }) => bindings.get(key)).filter((binding) => !binding?.shared)
  const nodes = new Set(personal.flatMap((binding) => binding?.nodeId ?? []))
  const isSettled = nodes.size === 1 && personal.every((binding) => binding !== undefined)
  return isSettled ? [] : [...nodes]
}
