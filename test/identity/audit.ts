import { joinRules, maxNodes } from '../../functions/identity/person.ts'
import { identityFaults, type Tables } from '../scenario/stored.ts'
import { knownIn } from './end-state.ts'
import { settings } from './sequential.ts'

const { limits } = joinRules(settings)

/** Everything that is wrong with identities and the touchpoints that hang on them, whatever has happened. */
export function faultsIn(tables: Tables): string[] {
  return [
    ...identityFaults(tables, limits),
    ...personFaults(tables),
    ...sharedDeviceFaults(tables),
    ...mergeRecordFaults(tables),
    ...householdFaults(tables),
    ...touchpointFaults(tables),
  ]
}

function personFaults(tables: Tables): string[] {
  return knownIn(tables).persons.flatMap(({ personId, nodes }) => {
    const nodeIds = Object.keys(nodes).sort()
    return [
      ...(personId === nodeIds[0] ? [] : [`${personId} is not its oldest node`]),
      ...(nodeIds.length <= maxNodes ? [] : [`${personId} has too many nodes`]),
    ]
  })
}

/** A neutral person is of one device, alone and with nothing bound to it. */
function sharedDeviceFaults(tables: Tables): string[] {
  const { bindings, persons } = knownIn(tables)
  const neutral = new Map(
    persons.filter(({ kind }) => kind === 'shared_device').map((person) => [person.personId, person]),
  )
  const faults: string[] = []
  for (const [key, { nodeId, neutralNodeId, shared }] of bindings) {
    if (neutral.has(nodeId)) faults.push(`${key} is bound to a neutral person`)
    if (neutralNodeId === null ? shared : !neutral.delete(neutralNodeId))
      faults.push(`${key} has no neutral person of its own`)
  }
  for (const personId of neutral.keys()) faults.push(`${personId} is the neutral person of no device`)
  for (const { personId, kind, nodes, connections } of persons) {
    const isJoined = Object.keys(nodes).length > 1 || connections.length > 0
    if (kind === 'shared_device' && isJoined) faults.push(`${personId} is neutral and has joined`)
  }
  return faults
}

/** The records of history are those of the merges that the persons have, each once. */
function mergeRecordFaults(tables: Tables): string[] {
  const recorded = tables.identity.flatMap(({ pk, sk }) => {
    const [nodeId, mergeId] = [pk?.S?.slice(2), sk?.S?.slice(2)]
    return sk?.S?.startsWith('M#') ? [`${mergeId} of ${nodeId}`] : []
  })
  const connections = knownIn(tables).persons.flatMap((person) => person.connections)
  // A connection that was undone stays with both of its persons.
  const kept = [...new Set(connections.map(({ mergeId, nodes }) => `${mergeId} of ${nodes[0]}`))]
  return [
    ...recorded.filter((merge) => !kept.includes(merge)).map((merge) => `merge ${merge} is of no person`),
    ...kept.filter((merge) => !recorded.includes(merge)).map((merge) => `merge ${merge} has no record`),
  ]
}

/** A refusal that is evidence of a household is kept with the identifier too, where its other members look. */
function householdFaults({ identity }: Tables): string[] {
  const members = new Set(identity.map(({ pk, sk }) => `${pk?.S} ${sk?.S}`))
  return identity.flatMap(({ pk, sk, e }) => {
    const [nodeId, identifierKey] = [pk?.S?.slice(2), sk?.S?.split('#').slice(2).join('#')]
    const isMissing = e?.BOOL === true && !members.has(`I#${identifierKey} H#${nodeId}`)
    return isMissing ? [`the household of ${identifierKey} does not know ${nodeId}`] : []
  })
}

function touchpointFaults(tables: Tables): string[] {
  const { touchpoints, persons, nobodys } = knownIn(tables)
  const orphans = touchpoints.filter(({ nodeId }) => !persons.some(({ nodes }) => nodeId in nodes))
  const ids = [...touchpoints.map(({ id }) => id), ...nobodys]
  const repeated = ids.filter((id, index) => ids.indexOf(id) !== index)
  return [
    ...orphans.map(({ id }) => `touchpoint ${id} is of no person`),
    ...repeated.map((id) => `touchpoint ${id} is stored more than once`),
  ]
}
