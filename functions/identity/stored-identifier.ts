import type { KeyRing } from '../runtime/key-ring.ts'
import type { StoredIdentifier } from '../store/identity.ts'
import { identifierKey } from '../store/keys.ts'
import type { Identifier } from './identifier.ts'

export type IdentifierKeeping = {
  hmacKeys: KeyRing
  /** Whether anchor values are also kept readable. */
  keepAnchors: boolean
}

/** An identifier with what is kept of it. */
export function storedIdentifier(
  { type, class: typeClass, value, masked }: Identifier,
  { hmacKeys, keepAnchors }: IdentifierKeeping,
): StoredIdentifier {
  const [current, ...others] = hmacKeys
  return {
    key: identifierKey({ type, value }, current),
    formerKeys: others.map((key) => identifierKey({ type, value }, key)),
    type,
    class: typeClass,
    masked,
    anchorValue: typeClass === 'anchor' && keepAnchors ? value : null,
  }
}
