import { describe, expect, test } from 'vitest'
import { type HttpRequest, toAnswer, toEvent } from '../../../infra/local/http-event.ts'
import { createRouter } from '../../../infra/local/routes.ts'

const findRoute = createRouter(
  [
    'GET /v1/customers/{personId}',
    'POST /v1/customers/lookup',
    'GET /v1/customers/{personId}/timeline',
    'GET /v1/quarantine/own',
    'GET /v1/orders/{orderId+}',
    'GET /v1/orders/{orderId}/lines',
  ].map((routeKey) => ({ routeKey, functionArn: routeKey })),
)

const match = { routeKey: 'GET /v1/a/{id}', functionArn: 'arn', parameters: { id: 'x/y' } }
const request: HttpRequest = {
  method: 'GET',
  path: '/v1/a/x%2Fy',
  query: '',
  headers: { host: 'localhost' },
  body: Buffer.alloc(0),
  sourceIp: '127.0.0.1',
}
const event = (changes: Partial<HttpRequest>) =>
  toEvent({ ...request, ...changes }, match, new Date('2026-11-02T09:15:00Z'))

describe('routes', () => {
  test.each([
    ['GET', '/v1/customers/1', 'GET /v1/customers/{personId}', { personId: '1' }],
    [
      'GET',
      '/v1/customers/a%2Fb%20c/timeline',
      'GET /v1/customers/{personId}/timeline',
      { personId: 'a/b c' },
    ],
    ['POST', '/v1/customers/lookup', 'POST /v1/customers/lookup', {}],
    ['GET', '/v1/orders/B-1', 'GET /v1/orders/{orderId+}', { orderId: 'B-1' }],
    ['GET', '/v1/orders/B/17%2F4', 'GET /v1/orders/{orderId+}', { orderId: 'B/17/4' }],
    ['GET', '/v1/orders/B/lines', 'GET /v1/orders/{orderId}/lines', { orderId: 'B' }],
    ['GET', '/v1/customers/%E0%A4%A', 'GET /v1/customers/{personId}', { personId: '%E0%A4%A' }],
  ])('%s %s', (method, path, routeKey, parameters) => {
    expect(findRoute(method, path)).toMatchObject({ routeKey, parameters })
  })

  test.each([
    ['DELETE', '/v1/customers/lookup'],
    ['GET', '/v1/customers/'],
    ['GET', '/v1/customers/1/'],
    ['GET', '/v1/orders/'],
    ['GET', '/v1'],
  ])('there is none for %s %s', (method, path) => {
    expect(findRoute(method, path)).toBeUndefined()
  })
})

describe('an event of payload format 2.0', () => {
  test('carries method, decoded parameters and time', () => {
    expect(event({})).toMatchObject({
      version: '2.0',
      routeKey: 'GET /v1/a/{id}',
      rawPath: '/v1/a/x%2Fy',
      pathParameters: { id: 'x/y' },
      isBase64Encoded: false,
      requestContext: {
        http: { method: 'GET', path: '/v1/a/x%2Fy' },
        time: '02/Nov/2026:09:15:00 +0000',
        timeEpoch: 1793610900000,
      },
    })
    expect(event({})).not.toHaveProperty('body')
    expect(event({})).not.toHaveProperty('queryStringParameters')
  })

  test('joins what is given twice in the query, decoded', () => {
    const { rawQueryString, queryStringParameters } = event({ query: 'a=1&b=x%20y&a=2' })
    expect({ rawQueryString, queryStringParameters }).toEqual({
      rawQueryString: 'a=1&b=x%20y&a=2',
      queryStringParameters: { a: '1,2', b: 'x y' },
    })
  })

  test('takes cookies out of the headers', () => {
    const { headers, cookies } = event({ headers: { cookie: 'a=1; b=2', 'x-a': '1' } })
    expect({ headers, cookies }).toEqual({ headers: { 'x-a': '1' }, cookies: ['a=1', 'b=2'] })
  })

  test.each([
    ['application/json; charset=utf-8', undefined, 'ä', 'ä', false],
    ['application/cloudevents+json', undefined, '{}', '{}', false],
    ['text/csv', undefined, 'a,b', 'a,b', false],
    ['application/json', 'gzip', 'zipped', 'emlwcGVk', true],
    ['application/x-www-form-urlencoded', undefined, 'a=b', 'YT1i', true],
    [undefined, undefined, 'a', 'YQ==', true],
  ])('%s %s', (type, encoding, sent, body, isBase64Encoded) => {
    const headers = {
      ...(type && { 'content-type': type }),
      ...(encoding && { 'content-encoding': encoding }),
    }
    expect(event({ headers, body: Buffer.from(sent) })).toMatchObject({ body, isBase64Encoded })
  })

  test('keeps bytes that are no text whole', () => {
    const { body } = event({
      headers: { 'content-type': 'application/json' },
      body: Buffer.from([0xff, 0xfe]),
    })
    expect(body).toBe('//4=')
  })
})

describe('the answer', () => {
  test('is what the function says', () => {
    const answer = toAnswer({
      statusCode: 201,
      headers: { 'Content-Type': 'a/b', 'x-n': 1 },
      cookies: ['a=1'],
      body: 'x',
    })
    expect(answer).toEqual({
      status: 201,
      headers: { 'content-type': 'a/b', 'x-n': '1', 'set-cookie': ['a=1'] },
      body: Buffer.from('x'),
    })
  })

  test('is decoded if it is binary', () => {
    expect(toAnswer({ statusCode: 200, body: 'YQ==', isBase64Encoded: true }).body.toString()).toBe('a')
  })

  test('is the result itself if that has no status code', () => {
    const { status, headers, body } = toAnswer({ hello: 1 })
    expect([status, headers, body.toString()]).toEqual([
      200,
      { 'content-type': 'application/json' },
      '{"hello":1}',
    ])
  })
})
