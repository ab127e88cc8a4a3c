import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type CryptoKey, SignJWT } from 'jose'
import { tokenScope } from '../../functions/http/scopes.ts'
import { localIssuerUrl, serveIssuer } from '../../infra/local/issuer.ts'
import { openKey } from '../../infra/local/issuer-key.ts'
import { choosePorts } from '../../infra/local/ports.ts'
import { at } from '../../infra/local/servers.ts'

const client = { id: 'till', scopes: [tokenScope('events:write')], validSeconds: 86_400 }

/** A place for an issuer: it starts there when it is told to, and has another key when it has been told to forget. */
export async function issuerPlace() {
  const directory = mkdtempSync(join(tmpdir(), 'omnijourney-issuer-'))
  const { issuer: port } = await choosePorts(0)
  const system = { clients: [client], tokens: { url: localIssuerUrl, audiences: [client.id] } }
  return {
    trusted: { ...system.tokens, endpoint: at(port) },
    start: () => serveIssuer({ port, directory, system }),
    key: () => openKey(directory),
    forgetKey: () => rmSync(join(directory, 'issuer-key.json')),
  }
}

export type Key = Awaited<ReturnType<typeof openKey>>

/** What the issuer says of its client; undefined takes a claim away. */
const usual = () => {
  const now = Math.floor(Date.now() / 1000)
  return {
    iss: localIssuerUrl,
    sub: client.id,
    client_id: client.id,
    token_use: 'access',
    scope: tokenScope('events:write'),
    iat: now,
    exp: now + 3600,
  }
}

interface Changes {
  claims?: Record<string, unknown>
  header?: { alg?: string; kid?: string | undefined }
  key?: CryptoKey | Uint8Array
}

/** A token as the issuer would sign it, but for the changes. */
export function signed({ privateKey, published }: Key, { claims, header, key = privateKey }: Changes = {}) {
  const { alg, kid } = { alg: 'RS256', kid: published.kid, ...header }
  return new SignJWT({ ...usual(), ...claims })
    .setProtectedHeader({ alg, ...(kid !== undefined && { kid }) })
    .sign(key)
}

/** One that says that it needs no signature. */
export function unsigned({ published }: Key) {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')
  return `${part({ alg: 'none', kid: published.kid })}.${part(usual())}.`
}
