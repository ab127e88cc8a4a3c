import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { scopes, tokenScope } from '../../functions/http/scopes.ts'
import { type LocalRuntime, startLocal } from '../../infra/local/start.ts'
import { assembled } from './assembled.ts'
import { connect } from './local-system.ts'

const tokenSchema = z.object({
  access_token: z.string(),
  expires_in: z.literal(86_400),
  token_type: z.literal('Bearer'),
})

const directory = mkdtempSync(join(tmpdir(), 'omnijourney-access-'))
let runtime: LocalRuntime
const start = async (auth: boolean) => {
  const assemblyDirectory = await assembled()
  runtime = await startLocal({ directory, assemblyDirectory, prebuilt: true, port: 0, auth })
}
beforeAll(() => start(true))
afterAll(async () => {
  await runtime.close()
  rmSync(directory, { recursive: true, force: true })
})

/** As an integrator's program asks, its id and secret in the header. */
function askForToken(form: Record<string, string>, secret = runtime.clients.get('first')?.secret) {
  const authorization = `Basic ${Buffer.from(`first:${secret}`).toString('base64')}`
  const body = new URLSearchParams(form)
  return fetch(runtime.endpoints.token ?? '', { method: 'POST', headers: { authorization }, body })
}

async function tokenFor(...wanted: string[]) {
  const response = await askForToken({ grant_type: 'client_credentials', scope: wanted.join(' ') })
  return tokenSchema.parse(await response.json()).access_token
}

const call = (method: string, path: string, token?: string) =>
  fetch(`${runtime.endpoints.api}${path}`, {
    method,
    headers: { 'content-type': 'application/json', ...(token && { authorization: `Bearer ${token}` }) },
    ...(method !== 'GET' && { body: '[]' }),
  })

/** Of each route the method, a path, and the scopes of which it wants one; where the gateway does not look: those of events. */
const routes = () =>
  runtime.system.routes.map(({ routeKey, scopes }) => {
    const [method = '', path = ''] = routeKey.split(' ')
    return {
      method,
      path: path.replaceAll(/\{[^}]+\}/g, 'x'),
      wanted: scopes ?? [tokenScope('events:write')],
    }
  })

describe('a system that asks for tokens', () => {
  test('refuses on every route whoever has none, and whoever has one for something else', async () => {
    const tokens = new Map(
      await Promise.all(
        scopes.map(async (scope) => [tokenScope(scope), await tokenFor(tokenScope(scope))] as const),
      ),
    )
    const answers = await Promise.all(
      routes().map(async ({ method, path, wanted }) => {
        const [allowed = ''] = wanted
        const others = [...tokens].filter(([scope]) => scope !== allowed).map(([, token]) => token)
        const statusWith = async (token?: string) => (await call(method, path, token)).status
        return {
          route: `${method} ${path}`,
          without: await statusWith(),
          forOthers: await Promise.all(others.map(statusWith)),
          isLetIn: ![401, 403].includes(await statusWith(tokens.get(allowed))),
        }
      }),
    )
    expect(answers.length).toBeGreaterThan(15)
    for (const answer of answers)
      expect(answer).toEqual({
        route: answer.route,
        without: 401,
        forOthers: scopes.slice(1).map(() => 403),
        isLetIn: true,
      })
  })

  test('says what is wrong as API Gateway does', async () => {
    const without = await call('GET', '/v1/campaigns')
    expect(await without.json()).toEqual({ message: 'Unauthorized' })
    expect(without.headers.get('www-authenticate')).toBe('Bearer')
    const garbage = await call('GET', '/v1/campaigns', 'garbage')
    expect(garbage.status).toBe(401)
    expect(garbage.headers.get('www-authenticate')).toContain('error="invalid_token"')
    const other = await call('GET', '/v1/campaigns', await tokenFor('omnijourney/operations'))
    expect(await other.json()).toEqual({ message: 'Forbidden' })
    expect(other.headers.get('www-authenticate')).toContain('error="insufficient_scope"')
  })

  test.each([
    [{}, 'invalid_request'],
    [{ grant_type: 'password' }, 'unsupported_grant_type'],
    [{ grant_type: 'client_credentials', scope: 'omnijourney/everything' }, 'invalid_scope'],
  ])('gives no token for %j', async (form, error) => {
    const response = await askForToken(form)
    expect([response.status, await response.json()]).toEqual([400, { error }])
  })

  test('gives no token to who does not know the secret', async () => {
    const response = await askForToken({ grant_type: 'client_credentials' }, 'guessed')
    expect([response.status, await response.json()]).toEqual([400, { error: 'invalid_client' }])
  })

  test('answers a flood with 429, and the streams go on as ever', async () => {
    const { burst } = runtime.system.throttle
    const client = connect(runtime.endpoints)
    const before = await client.caughtUp()
    const token = await tokenFor('omnijourney/insights:read')
    const lines = Array.from({ length: 200 }, (_, at) =>
      JSON.stringify({
        id: `${at}`,
        source: 'pos/flood',
        time: '2026-11-01T10:00:00Z',
        channel: 'store',
        type: 'visit',
        identifiers: [{ type: 'loyalty_id', value: `F-${at % 20}` }],
      }),
    )
    const flood = Array.from({ length: 5 * burst }, () => call('GET', '/v1/campaigns', token))
    await client.put(lines, { partitionKey: (line) => `${line.length}` })
    const statuses = (await Promise.all(flood)).map(({ status }) => status)
    const taken = statuses.filter((status) => status === 200).length
    expect(new Set(statuses)).toEqual(new Set([200, 429]))
    expect(taken).toBeGreaterThanOrEqual(burst)
    const after = await client.caughtUp(before.received + lines.length)
    expect(after.accepted - before.accepted).toBe(lines.length)
    client.disconnect()
  })

  test('knows its tokens after a restart, also one that asks for none', async () => {
    const token = await tokenFor('omnijourney/operations')
    await runtime.close()
    await start(false)
    expect((await call('GET', '/v1/quarantine', token)).status).toBe(200)
    expect((await call('GET', '/v1/campaigns', token)).status).toBe(403)
    expect((await call('GET', '/v1/campaigns', 'garbage')).status).toBe(401)
    const open = await Promise.all(routes().map(({ method, path }) => call(method, path)))
    expect(open.filter(({ status }) => status === 401 || status === 403)).toEqual([])
  })
})
