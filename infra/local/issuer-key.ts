import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { calculateJwkThumbprint, exportJWK, generateKeyPair, importJWK } from 'jose'
import { z } from 'zod'

const algorithm = 'RS256'

const publicSchema = z.object({ kty: z.literal('RSA'), n: z.string(), e: z.string(), kid: z.string() })
const keySchema = publicSchema.extend({
  d: z.string(),
  p: z.string(),
  q: z.string(),
  dp: z.string(),
  dq: z.string(),
  qi: z.string(),
})

/** The key that tokens are signed with. It is kept with the state, so that they outlive a restart. */
export async function openKey(directory: string) {
  const file = join(directory, 'issuer-key.json')
  if (!existsSync(file)) await generate(file)
  const jwk = keySchema.parse(JSON.parse(readFileSync(file, 'utf8')))
  return {
    algorithm,
    privateKey: await importJWK(jwk, algorithm),
    /** As in a JSON Web Key Set. */
    published: { ...publicSchema.parse(jwk), alg: algorithm, use: 'sig' },
  }
}

async function generate(file: string) {
  const { privateKey } = await generateKeyPair(algorithm, { extractable: true })
  const jwk = await exportJWK(privateKey)
  const named = { ...jwk, kid: await calculateJwkThumbprint(jwk) }
  writeFileSync(file, JSON.stringify(named), { mode: 0o600 })
}
