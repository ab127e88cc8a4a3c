import type { IdentifierClass, Settings } from '../runtime/settings.ts'

/** A merge that connects two nodes; undone, it keeps their persons apart. */
export type Connection = { mergeId: string; nodes: readonly [string, string]; undoneAt: string | null }

export type PersonKind = 'person' | 'shared_device'

/** A person: nodes connected by merges. Its id is that of its oldest node, and node ids sort by age. */
export type Person = {
  personId: string
  kind: PersonKind
  /** Rises with every change of the person and never starts again. */
  version: number
  /** The version at which its set of nodes last changed: what a fold of its journeys was made for. */
  topology: number
  /**
   * What that change was: nodes that came or went, of the person that it was at topology `from`. Null if it was none
   * before, or has never changed.
   */
  change: { from: number; nodes: readonly string[] } | null
  /** Whether one of its devices was ever marked as shared: a binding read before the person may be from before that. */
  marked: boolean
  /** Identifiers by type, for each of its nodes. */
  nodes: Readonly<Record<string, Readonly<Record<string, number>>>>
  /** Those that hold it together and those undone, which keep it apart from others. */
  connections: readonly Connection[]
}

/** The ids that it has had: those of its other nodes. */
export const aliasesOf = ({ personId, nodes }: Person): string[] =>
  Object.keys(nodes)
    .filter((nodeId) => nodeId !== personId)
    .sort()

export type RefusalReason = 'undone' | 'type_in_common' | 'both_known' | 'limit'

/** More nodes than this would not fit into one transaction. */
export const maxNodes = 90

export type JoinRules = {
  limits: ReadonlyMap<string, number>
  /** Types of class anchor or contact: those that make a person known. */
  knownTypes: ReadonlySet<string>
}

export function joinRules(settings: Settings): JoinRules {
  const limits = new Map<string, number>()
  const knownTypes = new Set<string>()
  for (const { type, class: typeClass, limit } of settings.identifierTypes) {
    if (limit !== null) limits.set(type, limit)
    if (typeClass === 'anchor' || typeClass === 'contact') knownTypes.add(type)
  }
  return { limits, knownTypes }
}

/** What a join is judged by: a person, or an identifier that nobody has yet. */
export type Joinable = {
  counts: ReadonlyMap<string, number>
  nodeIds: readonly string[]
  connections: readonly Connection[]
}

export function joinable(person: Person): Joinable {
  const counts = new Map<string, number>()
  for (const node of Object.values(person.nodes)) {
    for (const [type, count] of Object.entries(node)) counts.set(type, (counts.get(type) ?? 0) + count)
  }
  return { counts, nodeIds: Object.keys(person.nodes), connections: person.connections }
}

/**
 * Whether an identifier of this class may join two persons: null if so, else the first reason against it
 * (contract, Identity, the table and rule 6).
 */
export function joinRefusal(
  a: Joinable,
  b: Joinable,
  by: IdentifierClass,
  rules: JoinRules,
): RefusalReason | null {
  if (keptApart(a, b)) return 'undone'
  const typesInCommon = [...a.counts.keys()].filter((type) => b.counts.has(type))
  const isKnown = ({ counts }: Joinable) => [...counts.keys()].some((type) => rules.knownTypes.has(type))
  switch (by) {
    case 'bridge':
    case 'device':
      if (typesInCommon.some((type) => rules.knownTypes.has(type))) return 'type_in_common'
      break
    case 'card':
      if (isKnown(a) && isKnown(b)) return 'both_known'
      break
    case 'anchor':
    case 'contact':
      break
  }
  const exceeds = (type: string) => {
    const limit = rules.limits.get(type)
    return limit !== undefined && (a.counts.get(type) ?? 0) + (b.counts.get(type) ?? 0) > limit
  }
  return typesInCommon.some(exceeds) || a.nodeIds.length + b.nodeIds.length > maxNodes ? 'limit' : null
}

function keptApart(a: Joinable, b: Joinable): boolean {
  return [...a.connections, ...b.connections].some(
    ({ nodes: [x, y], undoneAt }) =>
      undoneAt !== null &&
      ((a.nodeIds.includes(x) && b.nodeIds.includes(y)) || (a.nodeIds.includes(y) && b.nodeIds.includes(x))),
  )
}

/** The two as one person, connected as given. Versions are left to whoever writes it. */
export function mergePersons(a: Person, b: Person, connection: Connection): Person {
  const connections = new Map(
    [...a.connections, ...b.connections, connection].map((known) => [known.mergeId, known]),
  )
  const [personId = a.personId] = [a.personId, b.personId].sort()
  return {
    ...a,
    personId,
    marked: a.marked || b.marked,
    nodes: { ...a.nodes, ...b.nodes },
    connections: [...connections.values()],
  }
}

/** A person that is not stored yet: its version is 0. */
export function newPerson(nodeId: string, kind: PersonKind = 'person'): Person {
  const nodes = { [nodeId]: {} }
  return {
    personId: nodeId,
    kind,
    version: 0,
    topology: 0,
    change: null,
    marked: false,
    nodes,
    connections: [],
  }
}

/** The person as it is stored next, after one or several stored ones: with a version above theirs. */
export function succeed(person: Person, replaced: readonly Person[]): Person {
  const version = Math.max(0, ...replaced.map((stored) => stored.version)) + 1
  const before = replaced.find(({ personId }) => personId === person.personId)
  // A new node has no touchpoints: a stored person that it joins keeps its history, unless the id changes with it.
  if (before && replaced.length === 1 && isWithin(before, person)) {
    return { ...person, version, topology: before.topology, change: before.change }
  }
  const change = before ? { from: before.topology, nodes: differentNodes(before, person) } : null
  return { ...person, version, topology: version, change }
}

/** The person with one of its devices marked, or the mark lifted. */
export const withMark = (person: Person): Person => ({ ...person, version: person.version + 1, marked: true })

const isWithin = (small: Person, large: Person): boolean =>
  Object.keys(small.nodes).every((nodeId) => nodeId in large.nodes)

const differentNodes = (a: Person, b: Person): string[] => [
  ...Object.keys(a.nodes).filter((nodeId) => !(nodeId in b.nodes)),
  ...Object.keys(b.nodes).filter((nodeId) => !(nodeId in a.nodes)),
]

/** The person with one more identifier of this type on one of its nodes. */
export function withIdentifier(person: Person, nodeId: string, type: string): Person {
  const node = person.nodes[nodeId]
  if (!node) throw new Error(`node ${nodeId} is not one of person ${person.personId}`)
  return { ...person, nodes: { ...person.nodes, [nodeId]: { ...node, [type]: (node[type] ?? 0) + 1 } } }
}
