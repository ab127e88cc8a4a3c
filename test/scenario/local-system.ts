import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { KinesisClient, PutRecordsCommand } from '@aws-sdk/client-kinesis'
import { NodeHttpHandler } from '@smithy/node-http-handler'
import { vi } from 'vitest'
import { z } from 'zod'
import { startLocal } from '../../infra/local/start.ts'
import { assembled } from './assembled.ts'

const statusSchema = z.object({
  touchpoints: z.strictObject({
    received: z.number(),
    accepted: z.number(),
    duplicate: z.number(),
    quarantined: z.number(),
  }),
  behind: z.number(),
})
const pageSchema = z.object({ items: z.array(z.unknown()), nextCursor: z.string().nullable() })

export type Address = { api: string; kinesis: string; stream: string; region: string }
export type Origin = { shardId: string; sequenceNumber: string }
export type Line = string | Uint8Array
export type LocalClient = ReturnType<typeof connect>

/** Kinesis takes at most 500 records in a request, and 5 MiB. */
const requestRecords = 500
const requestBytes = 4 * 1024 * 1024

/** A whole system of its own, with nothing in it. */
export async function startSystem() {
  const directory = mkdtempSync(join(tmpdir(), 'omnijourney-scenario-'))
  const assemblyDirectory = await assembled()
  const runtime = await startLocal({ directory, assemblyDirectory, prebuilt: true, port: 0 })
  const client = connect(runtime.endpoints)
  return {
    ...client,
    endpoints: runtime.endpoints,
    directory,
    async close() {
      client.disconnect()
      await runtime.close()
      rmSync(directory, { recursive: true, force: true })
    },
  }
}

/** What a till, a shop and an operator do with a system that runs. */
export function connect({ api, kinesis, stream, region }: Address) {
  const producer = new KinesisClient({
    endpoint: kinesis,
    region,
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
    maxAttempts: 1,
    requestHandler: new NodeHttpHandler({ connectionTimeout: 2_000, requestTimeout: 10_000 }),
  })

  async function putRequest(lines: readonly Line[], keyOf: (line: Line) => string): Promise<Origin[]> {
    const Records = lines.map((line) => ({ Data: Buffer.from(line), PartitionKey: keyOf(line) }))
    const { Records: taken = [] } = await producer.send(
      new PutRecordsCommand({ StreamName: stream, Records }),
    )
    return lines.map((_, index) => {
      const { ShardId, SequenceNumber, ErrorMessage } = taken[index] ?? {}
      if (ShardId === undefined || SequenceNumber === undefined)
        throw new Error(`the stream does not take a record: ${ErrorMessage}`)
      return { shardId: ShardId, sequenceNumber: SequenceNumber }
    })
  }

  /** Puts records in their order; where each of them is in the stream. */
  async function put(
    lines: readonly Line[],
    { partitionKey }: { partitionKey: string | ((line: Line) => string) },
  ): Promise<Origin[]> {
    const keyOf = typeof partitionKey === 'string' ? () => partitionKey : partitionKey
    const origins: Origin[] = []
    for (const request of requestsOf(lines)) origins.push(...(await putRequest(request, keyOf)))
    return origins
  }

  async function status() {
    const response = await fetch(`${api}/local/status`)
    return statusSchema.parse(await response.json())
  }

  /** Once all effects are visible: the counters. */
  async function caughtUp(received = 0) {
    let counters = (await status()).touchpoints
    const isDone = async () => {
      const { behind, touchpoints } = await status()
      counters = touchpoints
      return behind === 0 && touchpoints.received >= received
    }
    await vi.waitUntil(isDone, { timeout: 60_000, interval: 40 }).catch((cause: unknown) => {
      throw new Error(`waited for ${received} in vain: ${JSON.stringify(counters)}`, { cause })
    })
    return counters
  }

  async function ask(path: string, init: RequestInit = {}) {
    const response = await fetch(`${api}${path}`, init)
    const bytes = Buffer.from(await response.arrayBuffer())
    const contentType = response.headers.get('content-type') ?? ''
    const isJson = contentType.includes('json')
    const body: unknown = isJson ? JSON.parse(bytes.toString()) : undefined
    return { status: response.status, contentType, bytes, body }
  }

  const get = (path: string) => ask(path)
  const post = (path: string, body: unknown) =>
    ask(path, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    })

  /** All pages of a list, in order. */
  async function list<T extends z.ZodType>(path: string, item: T): Promise<z.output<T>[]> {
    const items: z.output<T>[] = []
    let cursor: string | null = null
    do {
      const next: string = cursor === null ? '' : `${path.includes('?') ? '&' : '?'}cursor=${cursor}`
      const { status, body } = await get(`${path}${next}`)
      if (status !== 200) throw new Error(`${path}${next} answers ${status}: ${JSON.stringify(body)}`)
      const page = pageSchema.parse(body)
      items.push(...page.items.map((one) => item.parse(one)))
      cursor = page.nextCursor
    } while (cursor !== null)
    return items
  }

  async function personOf(identifier: { type: string; value: string }): Promise<string> {
    const { body } = await post('/v1/customers/lookup', identifier)
    return z.object({ personId: z.string() }).parse(body).personId
  }

  return { put, status, caughtUp, ask, get, post, list, personOf, disconnect: () => producer.destroy() }
}

function requestsOf(lines: readonly Line[]): Line[][] {
  const requests: Line[][] = []
  let bytes = 0
  for (const line of lines) {
    const current = requests.at(-1)
    const size = Buffer.byteLength(line)
    if (current && current.length < requestRecords && bytes + size <= requestBytes) {
      current.push(line)
      bytes += size
    } else {
      requests.push([line])
      bytes = size
    }
  }
  return requests
}
