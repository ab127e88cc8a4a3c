import { z } from 'zod'
import { badRequest, notFound } from '../http/problem.ts'
import { baseType, hashedForms, type IdentifierNormaliser } from '../identity/identifier.ts'
import type { Person } from '../identity/person.ts'
import type { Settings } from '../runtime/settings.ts'
import type { IdentityStore } from '../store/identity.ts'
import { type HmacKey, identifierKey } from '../store/keys.ts'

const identifier = z.strictObject({ type: z.string(), value: z.string() })
const parts = z.enum(['profile', 'journeys'])

const shape =
  'send {"type", "value"} or {"identifiers": [{"type", "value"}]}; "include" may name profile and journeys'

export const lookupSchema = z.union(
  [
    identifier.extend({ include: z.array(parts).optional() }),
    z.strictObject({ identifiers: z.array(identifier).min(1).max(100), include: z.array(parts).optional() }),
  ],
  shape,
)
export type Lookup = z.infer<typeof lookupSchema>

export type LookupDeps = {
  identity: Pick<IdentityStore, 'bindings' | 'persons'>
  normalise: IdentifierNormaliser
  hmacKey: HmacKey
  settings: Settings
}

/** The person that an event with just this identifier, or the first known of them, would belong to. */
export async function lookUp(asked: Lookup, deps: LookupDeps): Promise<Person> {
  const identifiers = 'identifiers' in asked ? asked.identifiers : [{ type: asked.type, value: asked.value }]
  const keys = identifiers.flatMap((one) => keyOf(one, deps) ?? [])
  const bindings = await deps.identity.bindings(keys)
  const known = keys.flatMap((key) => bindings.get(key) ?? [])[0]
  if (!known) throw notFound('nobody is known by this')
  const nodeId = known.shared ? (known.neutralNodeId ?? known.nodeId) : known.nodeId
  const person = (await deps.identity.persons([nodeId])).get(nodeId)
  if (!person) throw notFound('nobody is known by this')
  return person
}

function keyOf(
  sent: { type: string; value: string },
  { normalise, hmacKey, settings }: LookupDeps,
): string | null {
  const types = settings.identifierTypes.map(({ type }) => type)
  if (!types.includes(baseType(sent.type))) {
    const allowed = [...types, ...Object.keys(hashedForms)].join(', ')
    throw badRequest(`the identifier type is not one of ${allowed}`)
  }
  const [identifier] = normalise([sent], '').identifiers
  return identifier ? identifierKey(identifier, hmacKey) : null
}
