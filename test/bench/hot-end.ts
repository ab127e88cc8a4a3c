import type { Item } from '../../functions/store/dynamodb.ts'
import { identifierKey } from '../../functions/store/keys.ts'
import { hmacKey } from '../identity/sequential.ts'
import { identityFaults, personsIn, touchpointsIn } from '../scenario/stored.ts'
import { normalise, rules } from './container.ts'
import type { HotTrial } from './hot-persons.ts'
import { sentIdentifier } from './identity-event.ts'

/** Whatever is not as the events of a trial must leave it, in any order: nothing lost, nobody joined who should not. */
export function faultsOf(
  { before, ofWorkers, persons }: HotTrial,
  { identity, touchpoints }: { identity: Item[]; touchpoints: Item[] },
): string[] {
  const tables = { identity, touchpoints, journeys: [] }
  const personOfNode = new Map(
    personsIn(tables).flatMap(({ personId, nodes }) => Object.keys(nodes).map((node) => [node, personId])),
  )
  const nodeOfIdentifier = new Map(
    identity.flatMap(({ pk, sk, n }) => (sk?.S === 'I' ? [[pk?.S?.slice(2) ?? '', n?.S ?? '']] : [])),
  )
  const ids = persons.map((identifiers) => {
    const found = identifiers.map((text) => personOfNode.get(nodeOfIdentifier.get(keyOf(text)) ?? ''))
    return new Set(found.map((personId, at) => personId ?? `nobody has ${identifiers[at]}`))
  })
  const sent = [before, ...ofWorkers].flat().length
  const stored = new Set(touchpointsIn(tables).map(({ id }) => id)).size
  return [
    ...identityFaults(tables, rules.limits),
    ...ids.filter(({ size }) => size !== 1).map((several) => `one person is ${[...several].join(', ')}`),
    ...(new Set(ids.flatMap((one) => [...one])).size === persons.length ? [] : ['persons were joined']),
    ...(stored === sent && touchpoints.length === sent ? [] : [`${sent} events, ${stored} touchpoints`]),
  ]
}

function keyOf(text: string): string {
  const [identifier] = normalise([sentIdentifier(text)], '').identifiers
  if (!identifier) throw new Error(`${text} identifies nobody`)
  return identifierKey(identifier, hmacKey)
}
