import { createServer, type IncomingMessage } from 'node:http'
import { json } from 'node:stream/consumers'
import { host } from './ports.ts'

export interface AwsAnswer {
  status: number
  body: object
}

export type AwsOperation = (input: unknown) => AwsAnswer | Promise<AwsAnswer>

/** By what the header x-amz-target says, such as `AWSEvents.PutEvents`. */
export type AwsOperations = ReadonlyMap<string, AwsOperation>

/** Answers the operations of a service in AWS's JSON protocol, 1.1. */
export async function serveAws(port: number, operations: AwsOperations) {
  const server = createServer(async (request, response) => {
    const { status, body } = await answer(request, operations)
    response.writeHead(status, { 'content-type': 'application/x-amz-json-1.1' }).end(JSON.stringify(body))
  })
  // Who is busy for a while must not find a connection closed that it just begins to use.
  server.keepAliveTimeout = 0
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, host, resolve)
  })
  const address = server.address()
  return {
    /** The one that was taken for 0. */
    port: typeof address === 'object' && address ? address.port : port,
    async close() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

export const awsSuccess = (body: object): AwsAnswer => ({ status: 200, body })

export const awsFailure = (code: string, message: string): AwsAnswer => ({
  status: 400,
  body: { __type: code, message },
})

async function answer(request: IncomingMessage, operations: AwsOperations): Promise<AwsAnswer> {
  const known = [...operations.keys()].join(', ')
  const operation = operations.get(String(request.headers['x-amz-target']))
  if (!operation) return awsFailure('UnknownOperationException', `This machine knows no more than ${known}`)
  try {
    return await operation(await json(request))
  } catch (error) {
    if (error instanceof SyntaxError) return awsFailure('SerializationException', 'The request is not JSON')
    return { status: 500, body: { __type: 'InternalFailure', message: String(error) } }
  }
}
