import {
  type Joinable,
  type JoinRules,
  joinable,
  joinRefusal,
  mergePersons,
  newPerson,
  type Person,
  type RefusalReason,
  succeed,
  withIdentifier,
} from './person.ts'
import type { Binding, KeyedIdentifier, Plan, PlannedMerge, World } from './plan.ts'

/** DynamoDB writes at most 100 items in a transaction. */
const maxWrites = 100

/** A plan while it grows, identifier by identifier. */
type Draft = Plan & {
  /** The event's person as it stands; null until there is a node. */
  current: Person | null
  /** Unseen identifiers taken before there was a node to bind them to. */
  waiting: KeyedIdentifier[]
  stored: Map<string, Person>
  /** Persons that it was refused to join. */
  refused: Map<string, Person>
  /** Those of them of whom a device becomes shared. */
  owners: Set<string>
}

type Planning = { world: World; rules: JoinRules; newId: () => string; draft: Draft }

export const emptyPlan: Plan = {
  home: '',
  person: null,
  replaced: [],
  seen: [],
  marked: [],
  devices: [],
  binds: [],
  merges: [],
  refusals: [],
  shares: [],
  more: false,
}

export function newDraft(): Draft {
  const lists = { binds: [], merges: [], refusals: [], shares: [] }
  const persons = { stored: new Map(), refused: new Map(), owners: new Set<string>() }
  return { ...emptyPlan, ...lists, ...persons, current: null, waiting: [] }
}

export function start({ world, newId, draft }: Planning, first: KeyedIdentifier): void {
  const binding = world.binding(first.key)
  draft.waiting = binding ? [] : [first]
  if (binding) settle(draft, world.personOf(binding.nodeId), binding.nodeId)
  else if (first.class === 'anchor') settleInNewNode(draft, newId)
}

export function take(planning: Planning, identifier: KeyedIdentifier, eventIsKnown: boolean): void {
  const binding = planning.world.binding(identifier.key)
  if (binding) takeBound(planning, identifier, binding, eventIsKnown)
  else takeUnseen(planning, identifier)
}

function takeBound(
  planning: Planning,
  identifier: KeyedIdentifier,
  binding: Binding,
  eventIsKnown: boolean,
): void {
  const { world, newId, draft } = planning
  const { nodeId, neutralNodeId } = binding
  if (draft.current && nodeId in draft.current.nodes) return
  const other = world.personOf(nodeId)
  const reason = refusalOf(planning, identifier, binding)
  if (reason) {
    const { firstKey = identifier.key } = binding
    draft.refusals.push({ identifier, firstKey, reason, otherNodeId: nodeId })
    draft.refused.set(other.personId, other)
    if (reason === 'type_in_common' && identifier.class === 'device' && eventIsKnown) {
      draft.owners.add(other.personId)
      draft.shares.push({
        identifier,
        neutralNodeId: neutralNodeId ?? newId(),
        isNew: neutralNodeId === null,
      })
    }
  } else if (draft.current) {
    merge(draft, draft.current, other, {
      mergeId: newId(),
      nodes: [draft.home, nodeId],
      rule: identifier.type,
    })
  } else {
    settle(draft, other, nodeId)
  }
}

function refusalOf(
  { world, rules, draft }: Planning,
  identifier: KeyedIdentifier,
  { nodeId }: Binding,
): RefusalReason | null {
  const other = joinable(world.personOf(nodeId))
  return joinRefusal(currentAsJoinable(draft), other, identifier.class, rules)
}

function takeUnseen({ rules, newId, draft }: Planning, identifier: KeyedIdentifier): void {
  const isAnchor = identifier.class === 'anchor'
  const alone = {
    counts: new Map([[identifier.type, 1]]),
    nodeIds: isAnchor ? ['unseen'] : [],
    connections: [],
  }
  const reason = joinRefusal(currentAsJoinable(draft), alone, identifier.class, rules)
  if (reason) {
    draft.refusals.push({ identifier, firstKey: identifier.key, reason, otherNodeId: null })
  } else if (isAnchor) {
    const own = newPerson(newId())
    const current = draft.current ?? settleInNewNode(draft, newId)
    const merged = merge(draft, current, own, {
      mergeId: newId(),
      nodes: [draft.home, own.personId],
      rule: identifier.type,
    })
    bind(draft, merged, identifier, own.personId)
  } else if (draft.current) {
    bind(draft, draft.current, identifier, draft.home)
  } else {
    draft.waiting.push(identifier)
  }
}

function settleInNewNode(draft: Draft, newId: () => string): Person {
  const person = newPerson(newId())
  return settle(draft, person, person.personId)
}

/** The event has a home; what waited for one is bound to it. */
function settle(draft: Draft, person: Person, nodeId: string): Person {
  draft.home = nodeId
  draft.current = person
  replace(draft, person)
  return draft.waiting.splice(0).reduce((grown, waiting) => bind(draft, grown, waiting, nodeId), person)
}

function bind(draft: Draft, person: Person, identifier: KeyedIdentifier, nodeId: string): Person {
  draft.binds.push({ identifier, nodeId })
  draft.current = withIdentifier(person, nodeId, identifier.type)
  return draft.current
}

function merge(draft: Draft, current: Person, other: Person, by: PlannedMerge): Person {
  replace(draft, other)
  draft.merges.push(by)
  draft.current = mergePersons(current, other, { mergeId: by.mergeId, nodes: by.nodes, undoneAt: null })
  return draft.current
}

/** Of a person read at two moments the older reading counts: then the write fails, and all is read again. */
function replace({ stored }: Draft, person: Person): void {
  const known = stored.get(person.personId)
  if (person.version > 0 && (!known || known.version > person.version)) stored.set(person.personId, person)
}

function currentAsJoinable({ current, waiting }: Draft): Joinable {
  if (current) return joinable(current)
  const counts = new Map<string, number>()
  for (const { type } of waiting) counts.set(type, (counts.get(type) ?? 0) + 1)
  return { counts, nodeIds: [], connections: [] }
}

/** Whether the transaction may get too big with this identifier. */
export function isFull(planning: Planning, identifier: KeyedIdentifier): boolean {
  const { draft, world } = planning
  const written = writes(draft)
  const binding = world.binding(identifier.key)
  if (!binding) return written + unseenWrites + (identifier.formerKeys?.length ?? 0) > maxWrites
  // Of the two persons that meet the younger one's nodes are moved, whichever that is.
  const moved = draft.merges.length === 0 ? Object.keys(draft.current?.nodes ?? {}).length : 0
  const ofMerge = Object.keys(world.personOf(binding.nodeId).nodes).length + moved + 2
  if (written + ofMerge <= maxWrites) return false
  return refusalOf(planning, identifier, binding) ? written + sharingWrites + ownerWrites > maxWrites : true
}

/** A node of its own, its identifier, the merge record, and the person. */
const unseenWrites = 4
/** The device and its neutral person. Its owner is written, too, once for all of them. */
const sharingWrites = 2
const ownerWrites = 1

/** How many items the draft writes. */
function writes({ binds, waiting, merges, shares, owners, current }: Draft): number {
  const nodes = merges.length > 0 && current ? Object.keys(current.nodes).length : 1
  const bound = [...binds.map(({ identifier }) => identifier), ...waiting]
  const checks = bound.reduce((sum, { formerKeys = [] }) => sum + formerKeys.length, 0)
  return nodes + bound.length + checks + merges.length + sharingWrites * shares.length + owners.size
}

export function finish({ draft, newId }: Planning): Plan {
  const current = draft.current ?? settleInNewNode(draft, newId)
  const { waiting: _, stored, refused, owners, current: __, ...plan } = draft
  const isOwner = ({ personId }: Person) => owners.has(personId)
  const others = [...refused.values()].filter(({ personId }) => !stored.has(personId))
  const [marked, unmarked] = [others.filter(isOwner), others.filter((person) => !isOwner(person))]
  const replaced = [...stored.values()]
  if (draft.binds.length === 0 && draft.merges.length === 0) {
    return { ...plan, marked, seen: [...replaced, ...unmarked] }
  }
  const after = draft.current ?? current
  const person = succeed({ ...after, marked: after.marked || replaced.some(isOwner) }, replaced)
  return { ...plan, marked, seen: unmarked, person, replaced }
}
