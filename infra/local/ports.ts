import { createServer } from 'node:net'

export interface Ports {
  api: number
  kinesis: number
  dynamodb: number
  s3: number
  secrets: number
  events: number
  lake: number
  states: number
  issuer: number
}

export const host = '127.0.0.1'

const wanters: Record<keyof Ports, string> = {
  api: 'the API',
  kinesis: 'Kinesis',
  dynamodb: 'DynamoDB',
  s3: 'S3 and SQS',
  secrets: 'Secrets Manager',
  events: 'EventBridge',
  lake: 'Athena and Firehose',
  states: 'Step Functions',
  issuer: 'the issuer of tokens',
}

/** The well-known ports; after `--port N` N and those that follow; with 0 free ones. */
export async function choosePorts(port: number | undefined): Promise<Ports> {
  if (port === 0) {
    return {
      api: await freePort(),
      kinesis: await freePort(),
      dynamodb: await freePort(),
      s3: await freePort(),
      secrets: await freePort(),
      events: await freePort(),
      lake: await freePort(),
      states: await freePort(),
      issuer: await freePort(),
    }
  }
  const ports =
    port === undefined
      ? { api: 3000, kinesis: 4567, dynamodb: 8000, s3: 4566, lake: 4580, states: 8083, issuer: 8090 }
      : {
          api: port,
          kinesis: port + 1,
          dynamodb: port + 2,
          s3: port + 3,
          lake: port + 4,
          states: port + 5,
          issuer: port + 6,
        }
  await demand('api', ports.api)
  await demand('kinesis', ports.kinesis)
  await demand('dynamodb', ports.dynamodb)
  await demand('s3', ports.s3)
  await demand('lake', ports.lake)
  await demand('states', ports.states)
  await demand('issuer', ports.issuer)
  return { ...ports, secrets: await freePort(), events: await freePort() }
}

async function demand(wanter: keyof Ports, port: number) {
  try {
    await probe(port)
  } catch (cause) {
    const ways = 'Start with --port N to move it and the others, or --port 0 for free ports.'
    throw new Error(`Port ${port} is in use, and ${wanters[wanter]} wants it. ${ways}`, { cause })
  }
}

/**
 * Below the range from which the system gives ports to clients: one of those could be taken again before the server
 * that it is for has started.
 */
async function freePort(): Promise<number> {
  for (;;) {
    const port = 10_000 + Math.floor(Math.random() * 20_000)
    try {
      return await probe(port)
    } catch {
      // Taken: another one.
    }
  }
}

function probe(port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.once('error', reject)
    server.listen(port, host, () => {
      const address = server.address()
      const taken = typeof address === 'object' && address ? address.port : port
      server.close(() => resolve(taken))
    })
  })
}
