import { joinRules, maxNodes } from '../../functions/identity/person.ts'
import { type SentIdentifier, settings } from './sequential.ts'
import { pool, type World } from './small-worlds.ts'

const limits = joinRules(settings).limits

export const nameOf = ({ type, value }: SentIdentifier) => `${type} ${value}`

/** Which identifiers and touchpoints are of one person, whatever its id. */
export function groupsIn(world: World): string[] {
  const groups = new Map<string, string[]>()
  const add = (nodeId: string, name: string) => {
    const { personId } = world.personOf(nodeId)
    groups.set(personId, [...(groups.get(personId) ?? []), name])
  }
  for (const sent of pool) {
    const nodeId = world.nodeOf(sent)
    if (nodeId !== undefined) add(nodeId, nameOf(sent))
  }
  for (const { event, nodeId } of world.stored()) add(nodeId, event.id)
  return [...groups.values()].map((names) => names.sort().join(', ')).sort()
}

/** All that is known, names and ids included. */
export function snapshot(world: World) {
  return {
    persons: world.persons().map((person) => JSON.stringify(person)),
    bindings: [...world.bindings],
    stored: world.stored().map(({ event, nodeId, fingerprint }) => `${event.id} ${nodeId} ${fingerprint}`),
    refusals: world.refusalCount(),
  }
}

/** Everything that is wrong with a world. */
export function faultsIn(world: World, byHand: ReadonlySet<string> = new Set()): string[] {
  const faults: string[] = []
  const persons = world.persons()
  const holders = persons.flatMap(({ personId, nodes }) =>
    Object.keys(nodes).map((nodeId) => [nodeId, personId]),
  )
  if (new Set(holders.map(([nodeId]) => nodeId)).size !== holders.length)
    faults.push('a node is in two persons')
  const bound = new Map<string, number>()
  for (const [key, { nodeId, neutralNodeId, shared }] of world.bindings) {
    const name = `${nodeId} ${key.split('#')[0]}`
    bound.set(name, (bound.get(name) ?? 0) + 1)
    if (!holders.some(([holder]) => holder === nodeId)) faults.push(`${key} is bound to no node`)
    const neutral = neutralNodeId === null ? null : world.personOf(neutralNodeId)
    if (shared && neutral?.kind !== 'shared_device') faults.push(`${key} is shared and has no neutral person`)
    if (world.personOf(nodeId).kind !== 'person') faults.push(`${key} is bound to a neutral person`)
  }
  for (const { personId, kind, nodes, connections } of persons) {
    const nodeIds = Object.keys(nodes)
    if (personId !== [...nodeIds].sort()[0]) faults.push(`${personId} is not its oldest node`)
    if (nodeIds.length > maxNodes) faults.push(`${personId} has too many nodes`)
    const totals = new Map<string, number>()
    for (const [nodeId, counts] of Object.entries(nodes))
      for (const [type, count] of Object.entries(counts)) {
        totals.set(type, (totals.get(type) ?? 0) + count)
        if (bound.get(`${nodeId} ${type}`) !== count) faults.push(`${nodeId} counts its ${type} wrongly`)
        bound.delete(`${nodeId} ${type}`)
      }
    const inForce = connections.filter(({ undoneAt }) => undoneAt === null)
    // By hand, no limit stops a merge.
    const isByHand = inForce.some(({ mergeId }) => byHand.has(mergeId))
    for (const [type, total] of totals)
      if (!isByHand && total > (limits.get(type) ?? Number.POSITIVE_INFINITY))
        faults.push(`${personId}: too many ${type}`)
    if (kind === 'shared_device' && (nodeIds.length > 1 || totals.size > 0))
      faults.push(`${personId} is neutral and has joined`)
    const reached = new Set([personId])
    for (let size = 0; size < reached.size; ) {
      size = reached.size
      for (const { nodes: ends } of inForce)
        if (ends.some((end) => reached.has(end))) for (const end of ends) reached.add(end)
    }
    const isTree = inForce.length === nodeIds.length - 1 && nodeIds.every((nodeId) => reached.has(nodeId))
    if (!isTree) faults.push(`the merges of ${personId} do not make it one`)
  }
  if (bound.size > 0) faults.push(`not counted: ${[...bound.keys()].join()}`)
  return faults
}
