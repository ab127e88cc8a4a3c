import { type CryptoKey, exportSPKI, generateKeyPair, importJWK } from 'jose'
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest'
import { z } from 'zod'
import { Problem } from '../../functions/http/problem.ts'
import { requireScope } from '../../functions/http/require-scope.ts'
import { createTokenVerifier } from '../../functions/http/token.ts'
import { issuerPlace, type Key, signed, unsigned } from './issuer.ts'

let place: Awaited<ReturnType<typeof issuerPlace>>
let issuer: Awaited<ReturnType<typeof place.start>>
let verify: ReturnType<typeof createTokenVerifier>
let otherKey: CryptoKey
beforeAll(async () => {
  place = await issuerPlace()
  issuer = await place.start()
  verify = createTokenVerifier(place.trusted)
  otherKey = (await generateKeyPair('RS256')).privateKey
})
afterAll(() => issuer.close())
afterEach(() => vi.useRealTimers())

/** What becomes of a request with this header. */
async function answerTo(authorization: string | undefined, verifier = verify) {
  try {
    await requireScope(authorization, 'events:write', verifier)
    return { status: 200, detail: '', headers: {} }
  } catch (error) {
    if (!(error instanceof Problem)) throw error
    return { status: error.status, detail: error.message, headers: error.headers }
  }
}

const now = () => Math.floor(Date.now() / 1000)
const right: [string, (key: Key) => Promise<string>][] = [
  ['is right', (key) => signed(key)],
  [
    'names scopes in a list',
    (key) => signed(key, { claims: { scope: undefined, scp: ['a', 'omnijourney/events:write'] } }),
  ],
  ['names several scopes', (key) => signed(key, { claims: { scope: 'a omnijourney/events:write b' } })],
  [
    'is for several audiences',
    (key) => signed(key, { claims: { client_id: undefined, aud: ['a', 'till'] } }),
  ],
  ['is of an issuer that says no use', (key) => signed(key, { claims: { token_use: undefined } })],
  [
    'has just expired, by a clock that is a little slow',
    (key) => signed(key, { claims: { exp: now() - 5 } }),
  ],
]

const wrong: [string, (key: Key) => Promise<string> | string, string][] = [
  ['is none', () => 'garbage', 'not a signed JSON Web Token'],
  ['has three parts of nothing', () => 'a.b.c', 'not a signed JSON Web Token'],
  ['has expired', (key) => signed(key, { claims: { exp: now() - 60 } }), 'has expired'],
  ['never expires', (key) => signed(key, { claims: { exp: undefined } }), 'the claim exp'],
  ['begins later', (key) => signed(key, { claims: { nbf: now() + 60 } }), 'not valid yet'],
  ['is of the future', (key) => signed(key, { claims: { iat: now() + 60 } }), 'not valid yet'],
  [
    'is of another issuer',
    (key) => signed(key, { claims: { iss: 'https://example.org' } }),
    'of another issuer',
  ],
  ['is of no issuer', (key) => signed(key, { claims: { iss: undefined } }), 'of another issuer'],
  ['has the name of the key, not the key', (key) => signed(key, { key: otherKey }), 'signature'],
  ['names an unknown key', (key) => signed(key, { header: { kid: 'x' }, key: otherKey }), 'a key that'],
  ['names no key', (key) => signed(key, { header: { kid: undefined } }), 'a key that'],
  ['is not signed', (key) => unsigned(key), 'not signed with RS256, RS384, RS512'],
  ['is signed with the public key as a secret', withPublicKey, 'not signed with RS256, RS384, RS512'],
  ['is for another client', (key) => signed(key, { claims: { client_id: 'other' } }), 'another audience'],
  ['is for nobody', (key) => signed(key, { claims: { client_id: undefined } }), 'another audience'],
  [
    'is for another audience, by our client',
    (key) => signed(key, { claims: { aud: 'other' } }),
    'another audience',
  ],
  [
    'says who somebody is',
    (key) => signed(key, { claims: { aud: 'till', token_use: 'id' } }),
    'not an access token',
  ],
]

async function withPublicKey(key: Key) {
  const imported = await importJWK(key.published, 'RS256')
  if (imported instanceof Uint8Array) throw new Error('a key of RSA is no secret')
  const pem = await exportSPKI(imported)
  return signed(key, { header: { alg: 'HS256' }, key: Buffer.from(pem) })
}

describe('a token', () => {
  test.each(right)('that %s is taken', async (_, make) => {
    expect(await answerTo(`Bearer ${await make(await place.key())}`)).toMatchObject({ status: 200 })
  })

  test.each(wrong)('that %s is refused', async (_, make, reason) => {
    const token = await make(await place.key())
    const answer = await answerTo(`Bearer ${token}`)
    expect(answer).toMatchObject({ status: 401, detail: expect.stringContaining(reason) })
    expect(answer.headers).toEqual({
      'www-authenticate': `Bearer error="invalid_token", error_description="${answer.detail}"`,
    })
    for (const part of token.split('.').filter(({ length }) => length > 1))
      expect(answer.detail).not.toContain(part)
  })

  test.each([
    ['another one', 'omnijourney/customers:read'],
    ['none', undefined],
    ['one that only begins like it', 'omnijourney/events:writes'],
    ['one of another resource server', 'other/events:write'],
  ])('without the scope, but with %s, is not enough', async (_, scope) => {
    const token = await signed(await place.key(), { claims: { scope } })
    expect(await answerTo(`Bearer ${token}`)).toEqual({
      status: 403,
      detail: 'the token does not have the scope omnijourney/events:write',
      headers: { 'www-authenticate': 'Bearer error="insufficient_scope", scope="omnijourney/events:write"' },
    })
  })

  test.each([
    [undefined, 'a token is wanted'],
    ['', 'not Bearer and a token'],
    ['Bearer', 'not Bearer and a token'],
    ['Basic dGlsbDpzZWNyZXQ=', 'not Bearer and a token'],
  ])('is missing in %j', async (authorization, reason) => {
    expect(await answerTo(authorization)).toMatchObject({
      status: 401,
      detail: expect.stringContaining(reason),
    })
  })

  test('of the token endpoint is taken', async () => {
    const till = issuer.clients.get('till')
    const response = await fetch(`${place.trusted.endpoint}/oauth2/token`, {
      method: 'POST',
      body: new URLSearchParams({
        grant_type: 'client_credentials',
        client_id: 'till',
        client_secret: till?.secret ?? '',
      }),
    })
    const { access_token } = z.object({ access_token: z.string() }).parse(await response.json())
    expect(await answerTo(`Bearer ${access_token}`)).toMatchObject({ status: 200 })
  })
})

describe('the issuer', () => {
  test('may be down for a while: no token is called wrong, and none is taken', async () => {
    const elsewhere = await issuerPlace()
    const verifier = createTokenVerifier(elsewhere.trusted)
    const authorization = `Bearer ${await signed(await elsewhere.key())}`
    expect(await answerTo(authorization, verifier)).toMatchObject({ status: 503 })
    const started = await elsewhere.start()
    expect(await answerTo(authorization, verifier)).toMatchObject({ status: 200 })
    await started.close()
    expect(await answerTo(authorization, verifier)).toMatchObject({ status: 200 })
  })

  test('has to be the one that it is said to be', async () => {
    const url = `${place.trusted.url}s`
    const token = await signed(await place.key(), { claims: { iss: url } })
    expect(await answerTo(`Bearer ${token}`, createTokenVerifier({ ...place.trusted, url }))).toMatchObject({
      status: 503,
    })
  })

  test('may take a new key, which is looked for again after a while', async () => {
    vi.useFakeTimers({ toFake: ['Date'] })
    const elsewhere = await issuerPlace()
    const verifier = createTokenVerifier(elsewhere.trusted)
    const before = await elsewhere.start()
    const old = `Bearer ${await signed(await elsewhere.key())}`
    expect(await answerTo(old, verifier)).toMatchObject({ status: 200 })
    await before.close()
    elsewhere.forgetKey()
    const after = await elsewhere.start()
    const renewed = `Bearer ${await signed(await elsewhere.key())}`
    expect(await answerTo(renewed, verifier)).toMatchObject({ status: 401 })
    vi.setSystemTime(Date.now() + 31_000)
    expect(await answerTo(renewed, verifier)).toMatchObject({ status: 200 })
    expect(await answerTo(old, verifier)).toMatchObject({ status: 401 })
    await after.close()
  })
})
