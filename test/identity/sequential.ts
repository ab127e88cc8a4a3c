import { createIdentifierNormaliser, type IdentifierNormaliser } from '../../functions/identity/identifier.ts'
import { type JoinRules, joinRules, newPerson, type Person } from '../../functions/identity/person.ts'
import { type Binding, planEvent } from '../../functions/identity/plan.ts'
import { planUndo } from '../../functions/identity/undo.ts'
import { planMergeByHand } from '../../functions/operations/merge-persons.ts'
import { settingsSchema } from '../../functions/runtime/settings.ts'
import { identifierKey, touchpointSort } from '../../functions/store/keys.ts'
import { contentOf } from '../../functions/touchpoint/content.ts'
import type { TouchpointEvent } from '../../functions/touchpoint/event.ts'

export const settings = settingsSchema.parse({})
export const hmacKey = { version: 1, secret: 'a key for tests only' }

export type StoredEvent = { event: TouchpointEvent; nodeId: string; fingerprint: string }
export type SentIdentifier = { type: string; value: string }

const neutralPerson = (nodeId: string): Person => ({
  ...newPerson(nodeId, 'shared_device'),
  version: 1,
  topology: 1,
})

type SequentialRules = { normalise: IdentifierNormaliser; rules: JoinRules }

/**
 * Identities kept one event at a time in memory, by the plan of the project and nothing else of it: what any
 * concurrent run is compared with.
 */
export function createSequentialWorld({
  normalise = createIdentifierNormaliser(settings),
  rules = joinRules(settings),
}: Partial<SequentialRules> = {}) {
  const bindings = new Map<string, Binding>()
  const persons = new Map<string, Person>()
  const personByNode = new Map<string, Person>()
  const stored = new Map<string, StoredEvent>()
  const refusals = new Set<string>()
  const quarantined: { id: string; reason: string }[] = []
  const nobodys: TouchpointEvent[] = []
  let made = 0
  const newId = () => String(++made).padStart(6, '0')

  const personOf = (nodeId: string): Person => {
    const person = personByNode.get(nodeId)
    if (!person) throw new Error(`nobody has node ${nodeId}`)
    return person
  }

  const keep = (person: Person) => {
    persons.set(person.personId, person)
    for (const nodeId of Object.keys(person.nodes)) personByNode.set(nodeId, person)
  }

  const keyOf = (sent: SentIdentifier) => {
    const [identifier] = normalise([sent], 'test').identifiers
    return identifier && identifierKey(identifier, hmacKey)
  }

  return {
    persons: () => [...new Set(persons.values())],
    bindings,
    stored: () => [...stored.values()],
    refusalCount: () => refusals.size,
    /** Each as `nodeId identifierKey reason`. */
    refusals: () => [...refusals],
    quarantined,
    nobodys,
    nodeOf: (sent: SentIdentifier): string | undefined => {
      const key = keyOf(sent)
      const binding = key === undefined ? undefined : bindings.get(key)
      return binding?.shared ? (binding.neutralNodeId ?? undefined) : binding?.nodeId
    },
    personOf,
    /** Throws a problem if that cannot be done. */
    mergeByHand: (a: Person, b: Person): void => {
      const { person } = planMergeByHand(a, b, newId)
      for (const { personId } of [a, b]) persons.delete(personId)
      if (person) keep(person)
    },
    undo: (person: Person, mergeId: string): void => {
      for (const after of planUndo(person, mergeId, '2026-07-01T00:00:00.000Z')?.after ?? []) keep(after)
    },
    mark: (sent: SentIdentifier, shared: boolean): void => {
      const key = keyOf(sent)
      const binding = key === undefined ? undefined : bindings.get(key)
      if (!binding || key === undefined) return
      const neutralNodeId = binding.neutralNodeId ?? (shared ? newId() : null)
      bindings.set(key, { ...binding, neutralNodeId, shared })
      if (neutralNodeId !== null) keep(neutralPerson(neutralNodeId))
    },
    send: (event: TouchpointEvent): void => {
      const { identifiers, conflict } = normalise(event.identifiers, event.source)
      if (conflict !== null) {
        quarantined.push({ id: event.id, reason: 'identifier_conflict' })
        return
      }
      const keyed = identifiers.map((identifier) => ({
        ...identifier,
        key: identifierKey(identifier, hmacKey),
      }))
      if (event.test || keyed.length === 0) {
        nobodys.push(event)
        return
      }
      const { fingerprint } = contentOf(
        event,
        keyed.map(({ key }) => key),
        hmacKey,
      )
      const name = (nodeId: string) => `${nodeId} ${touchpointSort(event)}`
      const possibleHomes = keyed.flatMap(({ key }) => {
        const binding = bindings.get(key)
        return binding ? [binding.nodeId, binding.neutralNodeId ?? binding.nodeId] : []
      })
      if (possibleHomes.some((nodeId) => stored.get(name(nodeId))?.fingerprint === fingerprint)) return
      const plan = planEvent(keyed, { binding: (key) => bindings.get(key), personOf }, rules, newId)
      if (stored.has(name(plan.home))) {
        quarantined.push({ id: event.id, reason: 'event_conflict' })
        return
      }
      for (const { identifier, nodeId } of plan.binds) {
        bindings.set(identifier.key, { nodeId, neutralNodeId: null, shared: false })
      }
      for (const { identifier, neutralNodeId } of plan.shares) {
        const binding = bindings.get(identifier.key)
        if (binding) bindings.set(identifier.key, { ...binding, neutralNodeId, shared: true })
        keep(neutralPerson(neutralNodeId))
      }
      for (const { personId } of plan.replaced) persons.delete(personId)
      if (plan.person) keep(plan.person)
      for (const { identifier, reason } of plan.refusals) {
        const names = Object.keys(personOf(plan.home).nodes).map(
          (nodeId) => `${nodeId} ${identifier.key} ${reason}`,
        )
        if (!names.some((name) => refusals.has(name)))
          refusals.add(`${plan.home} ${identifier.key} ${reason}`)
      }
      stored.set(name(plan.home), { event, nodeId: plan.home, fingerprint })
      if (plan.more) throw new Error('events of tests fit into one transaction')
    },
  }
}
