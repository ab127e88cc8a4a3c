import * as z from 'zod'
import type { HmacKey } from '../store/keys.ts'

/**
 * The versions of the secret key, the current one first. What is written is written under the current one; what was
 * written under another is still found, and moved on sight.
 */
export type KeyRing = readonly [HmacKey, ...HmacKey[]]

const versionText = 'a version: a whole number from 1 on, as a key of "keys"'
const secretText = z.string().min(16, 'a secret of at least 16 characters')
const ringSchema = z.strictObject({
  current: z.int(versionText).positive(versionText),
  keys: z.record(z.string().regex(/^[1-9]\d{0,5}$/, versionText), secretText),
})

/**
 * Reads the secret's text: the key itself, which is version 1, or `{"current": 2, "keys": {"1": "…", "2": "…"}}`.
 * Throws if it is neither; the message never quotes it.
 */
export function parseKeyRing(text: string): KeyRing {
  if (!text.startsWith('{')) return [{ version: 1, secret: text }]
  const { current, keys } = ringSchema.parse(parseJson(text))
  const versions = Object.entries(keys).map(([version, secret]) => ({ version: Number(version), secret }))
  const first = versions.find(({ version }) => version === current)
  if (!first)
    throw new Error('the secret of the identifier keys has no key of the version that "current" names')
  const others = versions.filter((key) => key !== first).sort((a, b) => b.version - a.version)
  return [first, ...others]
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw new Error('the secret of the identifier keys begins with { but is not JSON')
  }
}
