import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { Gatekeeper } from './gatekeeper.ts'
import { type HttpAnswer, jsonAnswer, toAnswer, toEvent } from './http-event.ts'
import { type Lambda, maxPayloadBytes } from './lambda.ts'
import { host } from './ports.ts'
import { createRouter, type Route } from './routes.ts'

export interface HttpApiOptions {
  port: number
  routes: Route[]
  /** By ARN. */
  lambdas: Map<string, Lambda>
  /** Answers of this runtime itself, by path. */
  local: Map<string, () => Promise<unknown>>
  /** Who may pass. */
  gatekeeper: Gatekeeper
}

/** API Gateway's limit for a request. */
const maxBodyBytes = 10 * 1024 * 1024

const tooLarge = jsonAnswer(413, { message: 'Request Entity Too Large' })
const notFound = jsonAnswer(404, { message: 'Not Found' })
const failed = jsonAnswer(500, { message: 'Internal Server Error' })

export async function serveHttpApi(options: HttpApiOptions) {
  const { gatekeeper } = options
  const findRoute = createRouter(options.routes)

  async function answer(request: IncomingMessage): Promise<HttpAnswer> {
    const [path = '/', ...rest] = (request.url ?? '/').split('?')
    const method = request.method ?? 'GET'
    const local = method === 'GET' ? options.local.get(path) : undefined
    if (local) return jsonAnswer(200, await local())
    const match = findRoute(method, path)
    const lambda = match && options.lambdas.get(match.functionArn)
    if (!match || !lambda) return gatekeeper.preflight(method, request.headers) ?? notFound
    const body = await readBody(request)
    if (!body) return tooLarge
    const admission = await gatekeeper.admit(match, request.headers)
    if (admission.kind === 'answered') return admission.answer
    const { headers, authorizer } = admission
    const sourceIp = request.socket.remoteAddress ?? host
    const incoming = { method, path, query: rest.join('?'), headers, body, sourceIp, authorizer }
    const payload = JSON.stringify(toEvent(incoming, match, new Date()))
    if (Buffer.byteLength(payload) > maxPayloadBytes) return tooLarge
    const outcome = await lambda.invoke(payload)
    return outcome.kind === 'result' ? toAnswer(outcome.result) : failed
  }

  const server = createServer((request, response) => {
    const forBrowsers = gatekeeper.originHeaders(request.headers.origin)
    const reply = ({ headers, ...answered }: HttpAnswer) =>
      send(response, { ...answered, headers: { ...headers, ...forBrowsers } })
    answer(request).then(reply, () => reply(failed))
  })
  // A connection that a client has kept must not be closed just as it is used again.
  server.keepAliveTimeout = 0
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(options.port, host, resolve)
  })
  return {
    async close() {
      const closed = new Promise((resolve) => server.close(resolve))
      server.closeAllConnections()
      await closed
    },
  }
}

function send(response: ServerResponse, { status, headers, body }: HttpAnswer) {
  response.writeHead(status, { ...headers, 'content-length': body.length }).end(body)
}

/** Reads to the end also what is too large, so that the sender gets its answer. */
async function readBody(request: IncomingMessage): Promise<Buffer | undefined> {
  const chunks: Buffer[] = []
  let length = 0
  for await (const chunk of request) {
    if (!Buffer.isBuffer(chunk)) continue
    length += chunk.length
    if (length <= maxBodyBytes) chunks.push(chunk)
  }
  return length <= maxBodyBytes ? Buffer.concat(chunks) : undefined
}
