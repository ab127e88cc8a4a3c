import { injectLambdaContext } from '@aws-lambda-powertools/logger/middleware'
import middy from '@middy/core'
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2, Context } from 'aws-lambda'
import { isStoreError } from '../runtime/errors.ts'
import { loggable, logger } from '../runtime/telemetry.ts'
import { notFound, Problem } from './problem.ts'

export type ApiRequest = {
  path: Readonly<Record<string, string>>
  /** Each parameter as often as it was given. */
  query: Readonly<Record<string, string>>
  headers: Readonly<Record<string, string>>
  body: Buffer
  /** What the gateway has found out about the request; of who asks, `callerOf` tells. */
  context: unknown
}

export type ApiAnswer =
  | { status: number; body: unknown }
  | { status: number; bytes: Uint8Array; contentType: string }
export type Route = (request: ApiRequest) => Promise<ApiAnswer>

export const ok = (body: unknown): ApiAnswer => ({ status: 200, body })

/** A handler for routes of the HTTP API by their key, such as `GET /v1/customers/{personId}`. */
export function apiHandler(routes: Readonly<Record<string, Route>>) {
  return middy<APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2, Error, Context>()
    .use(injectLambdaContext(logger))
    .handler(async (event): Promise<APIGatewayProxyStructuredResultV2> => {
      try {
        const route = routes[event.routeKey]
        if (!route) throw notFound(`there is no ${event.routeKey}`)
        return httpAnswer(await route(toRequest(event)))
      } catch (error) {
        return problemAnswer(error)
      }
    })
}

function toRequest(event: APIGatewayProxyEventV2): ApiRequest {
  return {
    path: definedValues(event.pathParameters),
    query: definedValues(event.queryStringParameters),
    headers: definedValues(event.headers),
    body: Buffer.from(event.body ?? '', event.isBase64Encoded ? 'base64' : 'utf8'),
    context: event.requestContext,
  }
}

function definedValues(
  values: Readonly<Record<string, string | undefined>> | undefined,
): Record<string, string> {
  return Object.fromEntries(
    Object.entries(values ?? {}).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  )
}

function httpAnswer(answer: ApiAnswer): APIGatewayProxyStructuredResultV2 {
  if ('bytes' in answer) {
    return {
      statusCode: answer.status,
      headers: { 'content-type': answer.contentType },
      body: Buffer.from(answer.bytes).toString('base64'),
      isBase64Encoded: true,
    }
  }
  return jsonAnswer(answer.status, 'application/json', answer.body)
}

function problemAnswer(error: unknown): APIGatewayProxyStructuredResultV2 {
  if (error instanceof Problem) {
    const { status, title, message, headers } = error
    const body = { type: 'about:blank', title, status, detail: message }
    return jsonAnswer(status, 'application/problem+json', body, headers)
  }
  logger.error('a request failed', { error: loggable(error) })
  const [status, title] = isStoreError(error) ? [503, 'Service Unavailable'] : [500, 'Internal Server Error']
  const detail = 'the request could not be answered; it is safe to try again'
  return jsonAnswer(status, 'application/problem+json', { type: 'about:blank', title, status, detail })
}

function jsonAnswer(
  statusCode: number,
  contentType: string,
  body: unknown,
  headers: Readonly<Record<string, string>> = {},
): APIGatewayProxyStructuredResultV2 {
  return { statusCode, headers: { 'content-type': contentType, ...headers }, body: JSON.stringify(body) }
}
