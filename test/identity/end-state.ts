import type { Person } from '../../functions/identity/person.ts'
import type { Binding } from '../../functions/identity/plan.ts'
import type { Item } from '../../functions/store/dynamodb.ts'
import { parsePerson } from '../../functions/store/identity.ts'
import { parseTouchpoint } from '../../functions/store/touchpoints.ts'
import type { Tables } from '../scenario/stored.ts'

/** What is known in the end, wherever it was kept. */
export type Known = {
  persons: Person[]
  bindings: Map<string, Binding & { firstSeenAt: string }>
  touchpoints: { id: string; nodeId: string }[]
  nobodys: string[]
  refusals: { nodeId: string; reason: string; identifierKey: string }[]
}

export function knownIn({ identity, touchpoints }: Tables): Known {
  const of = (items: Item[], prefix: string, sort: string) =>
    items.filter(({ pk, sk }) => pk?.S?.startsWith(prefix) && sk?.S?.startsWith(sort))
  return {
    persons: of(identity, 'N#', 'N').flatMap((item) => parsePerson(item) ?? []),
    bindings: new Map(of(identity, 'I#', 'I').map((item) => [item.pk?.S?.slice(2) ?? '', bindingOf(item)])),
    touchpoints: of(touchpoints, 'N#', 'T#').map(parseTouchpoint),
    nobodys: of(touchpoints, 'X#', 'T#').map((item) => parseTouchpoint(item).id),
    refusals: of(identity, 'N#', 'R#').map((item) => {
      const [, reason = '', ...key] = item.sk?.S?.split('#') ?? []
      return { nodeId: item.pk?.S?.slice(2) ?? '', reason, identifierKey: key.join('#') }
    }),
  }
}

function bindingOf({ n, s, sh, f }: Item): Binding & { firstSeenAt: string } {
  return {
    nodeId: n?.S ?? '',
    neutralNodeId: s?.S ?? null,
    shared: sh?.BOOL ?? false,
    firstSeenAt: f?.S ?? '',
  }
}

export type EndState = { persons: PersonState[]; nobodys: string[] }
type PersonState = {
  kind: string
  merges: number
  /** With the day that each was first seen on. */
  identifiers: string[]
  touchpoints: string[]
  refusals: string[]
}

/** What belongs together, whatever the ids of nodes, persons and merges are; two that are alike are equal. */
export function endState(known: Known, names: ReadonlyMap<string, string>): EndState {
  const persons = known.persons.map(({ kind, nodes, connections }): PersonState => {
    const isOfThem = ({ nodeId }: { nodeId: string }) => nodeId in nodes
    const identifiers = [...known.bindings].flatMap(([key, binding]) => {
      const { nodeId, neutralNodeId, shared, firstSeenAt } = binding
      const name = `${names.get(key) ?? key}${shared ? ' (shared)' : ''} ${firstSeenAt.slice(0, 10)}`
      return [
        ...(nodeId in nodes ? [name] : []),
        ...(neutralNodeId !== null && neutralNodeId in nodes ? [`neutral: ${name}`] : []),
      ]
    })
    const refusals = known.refusals
      .filter(isOfThem)
      .map(({ reason, identifierKey }) => `${reason} ${names.get(identifierKey) ?? identifierKey}`)
    return {
      kind,
      merges: connections.filter(({ undoneAt }) => undoneAt === null).length,
      identifiers: identifiers.sort(),
      touchpoints: known.touchpoints
        .filter(isOfThem)
        .map(({ id }) => id)
        .sort(),
      // Of two nodes that were merged since, both may have recorded the same; whoever reads them takes it once.
      refusals: [...new Set(refusals)].sort(),
    }
  })
  const text = (person: PersonState) => JSON.stringify(person)
  return {
    persons: persons.sort((a, b) => (text(a) < text(b) ? -1 : 1)),
    nobodys: known.nobodys.sort(),
  }
}
