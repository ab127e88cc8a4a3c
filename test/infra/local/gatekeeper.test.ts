import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createGatekeeper } from '../../../infra/local/gatekeeper.ts'
import { serveHttpApi } from '../../../infra/local/http-api.ts'
import { localIssuerUrl } from '../../../infra/local/issuer.ts'
import { choosePorts } from '../../../infra/local/ports.ts'
import { at } from '../../../infra/local/servers.ts'
import { createThrottle } from '../../../infra/local/throttle.ts'
import { trustedIssuer } from '../../../infra/local/trusted-issuer.ts'

const cors = {
  AllowOrigins: ['https://shop.example.org'],
  AllowHeaders: ['authorization', 'content-type'],
  AllowMethods: ['GET', 'POST'],
  MaxAge: 86_400,
}

describe('what the gateway tells browsers', () => {
  let url: string
  let api: Awaited<ReturnType<typeof serveHttpApi>>
  beforeAll(async () => {
    const { api: port } = await choosePorts(0)
    const system = { cors, throttle: { perSecond: 1, burst: 1 } }
    const gatekeeper = createGatekeeper({ system, issuer: { url: localIssuerUrl, audiences: ['a'] } })
    api = await serveHttpApi({ port, routes: [], lambdas: new Map(), local: new Map(), gatekeeper })
    url = `${at(port)}/v1/events`
  })
  afterAll(() => api.close())

  const preflight = (origin: string) =>
    fetch(url, { method: 'OPTIONS', headers: { origin, 'access-control-request-method': 'POST' } })

  test('is what a page of the shop may do, without any token', async () => {
    const { status, headers } = await preflight('https://shop.example.org')
    expect(status).toBe(204)
    expect(Object.fromEntries(headers)).toMatchObject({
      'access-control-allow-origin': 'https://shop.example.org',
      'access-control-allow-methods': 'GET,POST',
      'access-control-allow-headers': 'authorization,content-type',
      'access-control-max-age': '86400',
    })
    expect(headers.has('access-control-allow-credentials')).toBe(false)
  })

  test('is nothing for a page of somebody else', async () => {
    const { headers } = await preflight('https://shop.example.org.evil.example')
    expect([...headers.keys()].filter((name) => name.startsWith('access-control-'))).toEqual([])
  })

  test('comes with every other answer, too', async () => {
    const response = await fetch(url, { headers: { origin: 'https://shop.example.org' } })
    expect(response.status).toBe(404)
    expect(response.headers.get('access-control-allow-origin')).toBe('https://shop.example.org')
  })
})

test('a throttle lets a burst pass, then so many a second, on each route', () => {
  let atMs = 0
  const passes = createThrottle({ perSecond: 2, burst: 3 }, () => atMs)
  const send = (count: number) => Array.from({ length: count }, () => passes('GET /a')).filter(Boolean).length
  expect(send(5)).toBe(3)
  expect(passes('GET /b')).toBe(true)
  atMs += 1_000
  expect(send(5)).toBe(2)
  atMs += 60_000
  expect(send(5)).toBe(3)
})

test.each([
  ['https://login.example.org', true, 'https://login.example.org'],
  ['https://login.example.org', false, localIssuerUrl],
  [localIssuerUrl, true, localIssuerUrl],
  [localIssuerUrl, false, localIssuerUrl],
])('of the issuer %s, tokens wanted: %j, those of %s are taken', (url, auth, trusted) => {
  const tokens = { url, audiences: ['a'] }
  expect(trustedIssuer({ tokens }, { auth, endpoint: 'http://127.0.0.1:1' }).url).toBe(trusted)
})
