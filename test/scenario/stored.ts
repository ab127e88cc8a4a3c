import type { Person } from '../../functions/identity/person.ts'
import { fold } from '../../functions/journey/fold.ts'
import { emptyLedger, emptyState } from '../../functions/journey/fold-state.ts'
import { retail } from '../../functions/journey/model.ts'
import { sortTouches, toTouch } from '../../functions/journey/touch.ts'
import { parseCheckpoint } from '../../functions/store/checkpoint.ts'
import type { Item } from '../../functions/store/dynamodb.ts'
import { parsePerson } from '../../functions/store/identity.ts'
import { ledgerRows } from '../../functions/store/journeys.ts'
import { unpackedText } from '../../functions/store/packed.ts'
import { parseTouchpoint, type StoredTouchpoint } from '../../functions/store/touchpoints.ts'
import { foldRulesOf } from '../journey/told.ts'

export type Tables = { identity: Item[]; touchpoints: Item[]; journeys: Item[] }

export const personsIn = ({ identity }: Tables): Person[] =>
  identity.flatMap((item) => (item.sk?.S === 'N' ? (parsePerson(item) ?? []) : []))

export const touchpointsIn = ({ touchpoints }: Tables): StoredTouchpoint[] =>
  touchpoints.flatMap((item) => (item.pk?.S?.startsWith('N#') ? [parseTouchpoint(item)] : []))

/**
 * Ids of events that are stored more than once. One case is left out, which takes the same event in two shards at the
 * same time: a device is marked, or its mark lifted, after one of them has read it and before the other does.
 */
export function storedTwice(tables: Tables): string[] {
  const neutral = new Set(
    personsIn(tables).flatMap(({ personId, kind }) => (kind === 'shared_device' ? [personId] : [])),
  )
  const touchpoints = touchpointsIn(tables).filter(({ nodeId }) => !neutral.has(nodeId))
  const ids = touchpoints.map(({ id }) => id)
  return ids.filter((id, at) => ids.indexOf(id) !== at)
}

/** Everything that is wrong with identities at rest. */
export function identityFaults(tables: Tables, limits: ReadonlyMap<string, number>): string[] {
  const faults: string[] = []
  const persons = new Map(personsIn(tables).map((person) => [person.personId, person]))
  const nodes = tables.identity.filter((item) => item.sk?.S === 'N')
  for (const item of nodes) {
    const nodeId = item.pk?.S?.slice(2) ?? ''
    const person = persons.get(item.r?.S ?? '')
    if (!person) faults.push(`node ${nodeId} points at ${item.r?.S}, which is no person`)
    else if (!(nodeId in person.nodes)) faults.push(`node ${nodeId} is not listed by ${person.personId}`)
  }
  const records = tables.identity.filter(({ sk }) => sk?.S?.startsWith('M#'))
  const byHand = new Set(
    records.flatMap(({ sk, rule }) => (rule?.S === 'operator' ? [sk?.S?.slice(2) ?? ''] : [])),
  )
  faults.push(...recordFaults(records, [...persons.values()]))
  const bound = new Map<string, number>()
  for (const item of tables.identity.filter(({ sk }) => sk?.S === 'I')) {
    const type = item.pk?.S?.split('#')[1]
    const name = `${item.n?.S} ${type}`
    bound.set(name, (bound.get(name) ?? 0) + 1)
    if (!nodes.some(({ pk }) => pk?.S === `N#${item.n?.S}`)) faults.push(`${item.pk?.S} is bound to no node`)
  }
  for (const person of persons.values()) {
    const totals = new Map<string, number>()
    for (const [nodeId, counts] of Object.entries(person.nodes)) {
      if (!nodes.some(({ pk, r }) => pk?.S === `N#${nodeId}` && r?.S === person.personId)) {
        faults.push(`${person.personId} lists ${nodeId}, which is elsewhere`)
      }
      for (const [type, count] of Object.entries(counts)) {
        totals.set(type, (totals.get(type) ?? 0) + count)
        if (bound.get(`${nodeId} ${type}`) !== count)
          faults.push(`${nodeId} counts ${count} of ${type} wrongly`)
      }
    }
    const isByHand = person.connections.some(
      ({ mergeId, undoneAt }) => undoneAt === null && byHand.has(mergeId),
    )
    for (const [type, total] of totals) {
      if (!isByHand && total > (limits.get(type) ?? Number.POSITIVE_INFINITY))
        faults.push(`${person.personId}: too many ${type}`)
    }
    faults.push(...connectionFaults(person))
  }
  return faults
}

/** Every merge is on record, and every record is in the persons of both its nodes, undone or not. */
function recordFaults(records: readonly Item[], persons: readonly Person[]): string[] {
  const told = records.flatMap(({ pk, sk, b, u }) =>
    [pk?.S?.slice(2), b?.S].map((nodeId) => {
      const holder = persons.find(({ nodes }) => nodeId !== undefined && nodeId in nodes)
      return `${holder?.personId} ${sk?.S?.slice(2)} ${u ? 'undone' : 'in force'}`
    }),
  )
  const kept = persons.flatMap(({ personId, connections }) =>
    connections.map(({ mergeId, undoneAt }) => `${personId} ${mergeId} ${undoneAt ? 'undone' : 'in force'}`),
  )
  const [toldOnce, keptOnce] = [new Set(told), new Set(kept)]
  return [
    ...[...toldOnce].filter((one) => !keptOnce.has(one)).map((one) => `on record only: ${one}`),
    ...[...keptOnce].filter((one) => !toldOnce.has(one)).map((one) => `not on record: ${one}`),
  ]
}

/** The merges in force connect exactly the person's nodes, without a circle. */
function connectionFaults({ personId, nodes, connections }: Person): string[] {
  const reached = new Set([personId])
  const inForce = connections.filter(({ undoneAt }) => undoneAt === null)
  for (let grown = true; grown; ) {
    grown = false
    for (const {
      nodes: [a, b],
    } of inForce) {
      if (reached.has(a) === reached.has(b)) continue
      reached.add(a).add(b)
      grown = true
    }
  }
  const isTree =
    inForce.length === Object.keys(nodes).length - 1 && reached.size === Object.keys(nodes).length
  return isTree ? [] : [`the merges of ${personId} do not make it one`]
}

/** Where the stored journeys differ from the fold of what is stored: of everybody, and of nobody else. */
export function journeyDifferences(tables: Tables, model = retail) {
  const touchpoints = touchpointsIn(tables)
  const partitions = new Map<string, Item[]>()
  for (const item of tables.journeys.filter(({ pk }) => pk?.S?.startsWith('P#'))) {
    const personId = item.pk?.S?.slice(2) ?? ''
    partitions.set(personId, [...(partitions.get(personId) ?? []), item])
  }
  const told = new Map<string, unknown>()
  const stored = new Map<string, unknown>()
  for (const person of personsIn(tables)) {
    const touches = sortTouches(touchpoints.filter(({ nodeId }) => nodeId in person.nodes).map(toTouch))
    if (touches.length === 0) continue
    const ledger = emptyLedger()
    const state = fold(emptyState, touches, ledger, foldRulesOf(person, model))
    const rows = ledgerRows(ledger, '').map(({ sk, data }) => [sk, data && JSON.parse(data)])
    told.set(person.personId, { state, rows: rows.filter(([, data]) => data).sort() })
  }
  for (const [personId, items] of partitions) {
    const checkpoint = items.find(({ sk }) => sk?.S === 'C')
    const generation = checkpoint?.g?.S ?? ''
    const state = checkpoint ? parseCheckpoint(checkpoint).state : null
    const rows = items
      .filter(({ sk, d }) => d && sk?.S?.startsWith(`${generation}#`))
      .map(({ sk, d }) => [sk?.S?.slice(generation.length), JSON.parse(unpackedText(d))])
    // The fold of nothing may be stored or not: of a node that was set free without a touchpoint of its own.
    const isNothing = state?.cursor === '' && rows.length === 0
    if (state && !isNothing) stored.set(personId, { state, rows: rows.sort() })
  }
  return { told: Object.fromEntries(told), stored: Object.fromEntries(stored) }
}
