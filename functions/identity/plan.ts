import type { IdentifierClass } from '../runtime/settings.ts'
import { emptyPlan, finish, isFull, newDraft, start, take } from './draft.ts'
import type { JoinRules, Person, RefusalReason } from './person.ts'

/** An identifier under its key in the store (see store/keys.ts), and those it would have under former versions. */
export type KeyedIdentifier = {
  key: string
  formerKeys?: readonly string[]
  type: string
  class: IdentifierClass
}

/** An identifier's node, for good; the node of its neutral person once it has been shared, `shared` while it is. */
export type Binding = {
  nodeId: string
  neutralNodeId: string | null
  shared: boolean
  /** The key that it was first bound under, if it has another by now. Refusals are recorded under the first. */
  firstKey?: string
}

/** What is bound to what, as read. */
export type World = {
  /** Undefined: nobody has it yet. */
  binding: (key: string) => Binding | undefined
  personOf: (nodeId: string) => Person
}

export type PlannedMerge = { mergeId: string; nodes: readonly [string, string]; rule: string }
export type PlannedRefusal = {
  identifier: KeyedIdentifier
  firstKey: string
  reason: RefusalReason
  otherNodeId: string | null
}

/** What an event does to the identities. */
export type Plan = {
  /** The node that the touchpoint belongs to. */
  home: string
  /** The event's person afterwards; null if it stays as it is. */
  person: Person | null
  /** The stored persons that `person` takes the place of, as they were read. */
  replaced: Person[]
  /** Other stored persons, as they were read, that it would be another plan without. */
  seen: Person[]
  /** Those of them of whom a device becomes shared. */
  marked: Person[]
  /** Bound devices of the event whose mark may have changed since they were read, and whether they were shared. */
  devices: { identifier: KeyedIdentifier; shared: boolean }[]
  binds: { identifier: KeyedIdentifier; nodeId: string }[]
  merges: PlannedMerge[]
  refusals: PlannedRefusal[]
  /** Devices that become shared, each with the node of its neutral person and whether that is to be created. */
  shares: { identifier: KeyedIdentifier; neutralNodeId: string; isNew: boolean }[]
  /** True if not all identifiers fitted into one transaction: plan again when this is done. */
  more: boolean
}

/**
 * Rules 5 to 7 of the contract's section Identity, for one event. Pure.
 * @param identifiers those of the event by priority, at least one
 * @param newId gives ids that sort by age
 */
export function planEvent(
  identifiers: readonly KeyedIdentifier[],
  world: World,
  rules: JoinRules,
  newId: () => string,
): Plan {
  const personal = identifiers.filter(({ key }) => !world.binding(key)?.shared)
  const [first, ...others] = personal
  if (!first) return { ...emptyPlan, home: neutralHome(identifiers, world) }
  const nodes = new Set(personal.map(({ key }) => world.binding(key)?.nodeId))
  const [home] = nodes
  if (nodes.size === 1 && home !== undefined) return { ...emptyPlan, home }
  const devices = identifiers.flatMap((identifier) => {
    const binding = identifier.class === 'device' ? world.binding(identifier.key) : undefined
    // A mark changes the person of the device's node, which the plan depends on anyhow if the device counts.
    const mayBeOld = binding && (binding.shared || world.personOf(binding.nodeId).marked)
    return mayBeOld ? [{ identifier, shared: binding.shared }] : []
  })
  const planning = { world, rules, newId, draft: { ...newDraft(), devices } }
  const isKnown = identifiers.some(({ type }) => rules.knownTypes.has(type))
  start(planning, first)
  for (const identifier of others) {
    if (isFull(planning, identifier)) return { ...finish(planning), more: true }
    take(planning, identifier, isKnown)
  }
  return finish(planning)
}

/** Whether doing the plan would write anything. */
export function writesAnything(plan: Plan): boolean {
  return plan.person !== null || plan.refusals.length > 0 || plan.shares.length > 0
}

/** An event with nothing but shared devices belongs to the neutral person of the first. */
function neutralHome(identifiers: readonly KeyedIdentifier[], world: World): string {
  const neutral = identifiers[0] && world.binding(identifiers[0].key)?.neutralNodeId
  if (!neutral) throw new Error('a plan needs an identifier, and a shared one its neutral node')
  return neutral
}
