import { isUtf8 } from 'node:buffer'
import { randomUUID } from 'node:crypto'
import type { IncomingHttpHeaders } from 'node:http'
import { z } from 'zod'
import type { JwtContext } from './authorizer.ts'
import type { Match } from './routes.ts'
import { place } from './template.ts'

export interface HttpRequest {
  method: string
  path: string
  query: string
  headers: IncomingHttpHeaders
  body: Buffer
  sourceIp: string
  /** What the gateway has found out of the caller. */
  authorizer?: JwtContext | undefined
}

/** What API Gateway hands to a function, payload format 2.0. */
export function toEvent(request: HttpRequest, match: Match, now: Date) {
  const { method, path, query, headers, body } = request
  const { cookie, ...others } = headers
  const host = headers.host ?? 'localhost'
  const isText = isTextual(headers) && isUtf8(body)
  return {
    version: '2.0',
    routeKey: match.routeKey,
    rawPath: path,
    rawQueryString: query,
    ...(cookie && { cookies: cookie.split(/;\s*/) }),
    headers: Object.fromEntries(Object.entries(others).map(([name, value]) => [name, joined(value)])),
    ...(query && { queryStringParameters: queryParameters(query) }),
    ...(Object.keys(match.parameters).length > 0 && { pathParameters: match.parameters }),
    requestContext: {
      accountId: place.accountId,
      apiId: 'local',
      ...(request.authorizer && { authorizer: request.authorizer }),
      domainName: host,
      domainPrefix: 'local',
      http: {
        method,
        path,
        protocol: 'HTTP/1.1',
        sourceIp: request.sourceIp,
        userAgent: headers['user-agent'] ?? '',
      },
      requestId: randomUUID(),
      routeKey: match.routeKey,
      stage: '$default',
      time: commonLogTime(now),
      timeEpoch: now.getTime(),
    },
    ...(body.length > 0 && { body: body.toString(isText ? 'utf8' : 'base64') }),
    isBase64Encoded: body.length > 0 && !isText,
  }
}

export interface HttpAnswer {
  status: number
  headers: Record<string, string | string[]>
  body: Buffer
}

const answerSchema = z.object({
  statusCode: z.int(),
  headers: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])).optional(),
  cookies: z.array(z.string()).optional(),
  body: z.string().optional(),
  isBase64Encoded: z.boolean().optional(),
})

/** Without a status code, what a function returns is the body (payload format 2.0). */
export function toAnswer(result: unknown): HttpAnswer {
  const parsed = answerSchema.safeParse(result)
  if (!parsed.success) return jsonAnswer(200, result)
  const { statusCode, headers = {}, cookies, body = '', isBase64Encoded = false } = parsed.data
  const given = Object.entries(headers).map(([name, value]) => [name.toLowerCase(), String(value)])
  return {
    status: statusCode,
    headers: {
      'content-type': 'text/plain;charset=utf-8',
      ...Object.fromEntries(given),
      ...(cookies && { 'set-cookie': cookies }),
    },
    body: Buffer.from(body, isBase64Encoded ? 'base64' : 'utf8'),
  }
}

export function jsonAnswer(status: number, body: unknown): HttpAnswer {
  return {
    status,
    headers: { 'content-type': 'application/json' },
    body: Buffer.from(JSON.stringify(body ?? null)),
  }
}

/** The types that API Gateway hands over as text; everything else, and what is compressed, comes in base64. */
function isTextual({ 'content-type': type = '', 'content-encoding': encoding }: IncomingHttpHeaders) {
  const [mediaType = ''] = type.toLowerCase().split(';')
  const isText = /^(text\/.+|application\/(.+\+)?(json|xml)|application\/javascript)$/.test(mediaType.trim())
  return isText && (encoding === undefined || encoding === 'identity')
}

function joined(value: string | string[] | undefined) {
  return Array.isArray(value) ? value.join(',') : (value ?? '')
}

function queryParameters(query: string) {
  const values = new Map<string, string>()
  for (const [name, value] of new URLSearchParams(query)) {
    const before = values.get(name)
    values.set(name, before === undefined ? value : `${before},${value}`)
  }
  return Object.fromEntries(values)
}

/** `22/Nov/2026:09:15:00 +0000` */
function commonLogTime(now: Date) {
  const [, day, month, year, time] = /^\w+, (\d+) (\w+) (\d+) ([\d:]+)/.exec(now.toUTCString()) ?? []
  return `${day}/${month}/${year}:${time} +0000`
}
