import * as z from 'zod'
import { identifierFields, type ReadIdentifierDeps, readIdentifier } from '../customers/lookup.ts'
import { badRequest, notFound } from '../http/problem.ts'
import type { Person } from '../identity/person.ts'
import type { IdentityStore, OperatorCause } from '../store/identity.ts'
import { reasonField } from './merge-persons.ts'
import { type RetryDeps, untilDone } from './until-done.ts'

export const deviceSchema = z.strictObject(
  { ...identifierFields, reason: reasonField.optional() },
  'send {"type", "value"} of a device, and if you like "reason"',
)

export type ShareDeps = ReadIdentifierDeps &
  RetryDeps & {
    identity: Pick<IdentityStore, 'persons' | 'bindOnSight' | 'mark'>
    newId: () => string
    now: () => Date
  }

/**
 * Sets or lifts the mark of a shared device (contract, Identity, rule 6).
 * @returns the person that an event with just this device belongs to from now on, then the other one of the two
 */
export async function shareDevice(
  sent: { type: string; value: string },
  shared: boolean,
  cause: OperatorCause,
  deps: ShareDeps,
): Promise<Person[]> {
  const identifier = readIdentifier(sent, deps)
  if (!identifier) throw notFound('this value identifies nobody')
  if (identifier.class !== 'device') {
    const devices = deps.settings.identifierTypes.filter((type) => type.class === 'device')
    throw badRequest(`only devices can be shared: ${devices.map(({ type }) => type).join(', ')}`)
  }
  return untilDone(async () => {
    const binding = (await deps.identity.bindOnSight([identifier])).get(identifier.key)
    if (!binding) throw notFound('no event has brought this device yet')
    const { nodeId } = binding
    const neutralNodeId = binding.neutralNodeId ?? deps.newId()
    if (binding.shared !== shared) {
      const isNew = binding.neutralNodeId === null
      const owner = (await deps.identity.persons([nodeId])).get(nodeId)
      if (!owner) throw new Error('the node of a device is a person’s')
      const marking = { identifierKey: identifier.key, neutralNodeId, isNew, shared, owner }
      if ((await deps.identity.mark(marking, cause, deps.now())) === 'conflict') return null
    }
    const persons = await deps.identity.persons([nodeId, neutralNodeId])
    const both = shared ? [neutralNodeId, nodeId] : [nodeId, neutralNodeId]
    return both.flatMap((one) => persons.get(one) ?? [])
  }, deps)
}
