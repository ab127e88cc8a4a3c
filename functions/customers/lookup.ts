import * as z from 'zod'
import { badRequest, notFound } from '../http/problem.ts'
import type { BindingCache } from '../identity/binding-cache.ts'
import type { IdentifierNormaliser } from '../identity/identifier.ts'
import { baseType, hashedForms } from '../identity/identifier-type.ts'
import { type IdentifierKeeping, storedIdentifier } from '../identity/stored-identifier.ts'
import { string } from '../runtime/fields.ts'
import type { Settings } from '../runtime/settings.ts'
import type { StoredBinding } from '../store/bindings.ts'
import type { IdentityStore, StoredIdentifier } from '../store/identity.ts'

export const identifierFields = { type: string, value: string }
const parts = z.enum(['profile', 'orders', 'journeys'])
export type LookupPart = z.infer<typeof parts>

const shape =
  'send {"type", "value"} or {"identifiers": [{"type", "value"}]}; "include" may name profile, orders and journeys'

export const lookupSchema = z.union(
  [
    z.strictObject({ ...identifierFields, include: z.array(parts).optional() }),
    z.strictObject({
      identifiers: z.array(z.strictObject(identifierFields)).min(1).max(100),
      include: z.array(parts).optional(),
    }),
  ],
  shape,
)
export type Lookup = z.infer<typeof lookupSchema>

export type ReadIdentifierDeps = IdentifierKeeping & { normalise: IdentifierNormaliser; settings: Settings }
export type LookupDeps = ReadIdentifierDeps & {
  identity: Pick<IdentityStore, 'bindings'>
  cache: BindingCache
}

/**
 * The node that an event with just this identifier, or the first known of them, would belong to: one read, or none
 * where the binding is remembered.
 */
export async function lookUp(asked: Lookup, deps: LookupDeps): Promise<string> {
  const sent = 'identifiers' in asked ? asked.identifiers : [{ type: asked.type, value: asked.value }]
  const identifiers = sent.flatMap((one) => readIdentifier(one, deps) ?? [])
  const binding = await firstBinding(identifiers, deps)
  if (!binding) throw unknownToUs()
  return binding.shared ? (binding.neutralNodeId ?? binding.nodeId) : binding.nodeId
}

export const unknownToUs = () => notFound('nobody is known by this')

async function firstBinding(
  identifiers: readonly StoredIdentifier[],
  { cache, identity }: LookupDeps,
): Promise<StoredBinding | undefined> {
  const remembered = identifiers.findIndex((identifier) => cache.get(identifier))
  const before = remembered === -1 ? identifiers : identifiers.slice(0, remembered)
  const bindings = before.length > 0 ? await identity.bindings(before) : new Map<string, StoredBinding>()
  for (const identifier of before) {
    const binding = bindings.get(identifier.key)
    if (!binding) continue
    cache.put(identifier, binding)
    return binding
  }
  const last = identifiers[remembered]
  return last && cache.get(last)
}

/** An identifier of a request; null if it is one that identifies nobody. */
export function readIdentifier(
  sent: { type: string; value: string },
  { normalise, settings, ...keeping }: ReadIdentifierDeps,
): StoredIdentifier | null {
  const types = settings.identifierTypes.map(({ type }) => type)
  if (!types.includes(baseType(sent.type))) {
    const allowed = [...types, ...Object.keys(hashedForms)].join(', ')
    throw badRequest(`the identifier type is not one of ${allowed}`)
  }
  const [identifier] = normalise([sent], '').identifiers
  return identifier ? storedIdentifier(identifier, keeping) : null
}
