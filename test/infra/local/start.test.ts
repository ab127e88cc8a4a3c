import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb'
import { FirehoseClient, PutRecordCommand } from '@aws-sdk/client-firehose'
import { afterEach, beforeAll, describe, expect, test, vi } from 'vitest'
import { z } from 'zod'
import { runQuery } from '../../../infra/athena/query.ts'
import { findTarget } from '../../../infra/athena/target.ts'
import type { Endpoints } from '../../../infra/local/endpoints.ts'
import { startLocal } from '../../../infra/local/start.ts'
import { assembleStubs } from './stub-app.ts'

const statusSchema = z.strictObject({
  touchpoints: z.strictObject({
    received: z.number(),
    accepted: z.number(),
    duplicate: z.number(),
    quarantined: z.number(),
  }),
  behind: z.number(),
})
const customersSchema = z.object({
  journeys: z.array(z.object({ key: z.string(), from: z.string() })),
  secret: z.string().length(64),
})
const endpointsSchema = z.object({
  api: z.string(),
  dynamodb: z.string(),
  kinesis: z.string(),
  athena: z.string(),
  s3: z.string(),
})

let assemblyDirectory: string
beforeAll(async () => {
  assemblyDirectory = await assembleStubs()
})

const opened: { close(): unknown }[] = []
afterEach(async () => {
  for (const each of opened.splice(0).reverse()) await each.close()
})

const newDirectory = () => mkdtempSync(join(tmpdir(), 'omnijourney-local-'))

async function start(directory: string, { fresh = false } = {}) {
  const runtime = await startLocal({ directory, assemblyDirectory, prebuilt: true, port: 0, fresh })
  opened.push(runtime)
  return { ...runtime, ...clientOf(runtime.endpoints.api) }
}

function clientOf(api: string) {
  const json = async (path: string, init: RequestInit = {}): Promise<unknown> =>
    (await fetch(`${api}${path}`, init)).json()
  const status = async () => statusSchema.parse(await json('/local/status'))
  return {
    status,
    caughtUp: () => vi.waitUntil(async () => (await status()).behind === 0, { timeout: 45_000, interval: 5 }),
    customers: async () => customersSchema.parse(await json('/v1/customers/1')),
    quarantine: async () => json('/v1/quarantine'),
    put: (records: { pk: string; sk: string }[]) =>
      fetch(`${api}/v1/events`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(records),
      }),
  }
}

const touchpoints = (from: number, to: number) =>
  Array.from({ length: to - from }, (_, at) => ({ pk: `N#${(from + at) % 7}`, sk: `T#${from + at}` }))

describe('the system on one machine', { timeout: 60_000 }, () => {
  test('carries records through every function, and 0 behind means it has', async () => {
    const local = await start(newDirectory())
    await local.put([...touchpoints(0, 300), { pk: 'X#1', sk: 'T#n' }, { pk: 'Q#1', sk: 'q' }])
    await local.put([{ pk: 'N#0', sk: 'T#0' }])
    await local.caughtUp()
    expect((await local.status()).touchpoints).toEqual({
      received: 303,
      accepted: 301,
      duplicate: 1,
      quarantined: 1,
    })
    const { journeys } = await local.customers()
    expect(journeys).toHaveLength(300)
    expect(journeys[0]?.from).toContain(':table/omnijourney-touchpoints/stream/')
    expect(await local.quarantine()).toEqual(['records/1'])
  })

  test('delivers again what a function was at when it crashed', async () => {
    const local = await start(newDirectory())
    await local.put([{ pk: 'N#1', sk: 'T#crash' }, ...touchpoints(0, 5)])
    await local.caughtUp()
    expect((await local.customers()).journeys).toHaveLength(6)
    expect((await local.status()).touchpoints).toMatchObject({ accepted: 6 })
  })

  test('goes on where it was, and forgets when told to', async () => {
    const directory = newDirectory()
    const first = await start(directory)
    await first.put(touchpoints(0, 10))
    await first.caughtUp()
    const { secret } = await first.customers()
    await first.close()

    const second = await start(directory)
    await second.caughtUp()
    expect((await second.status()).touchpoints).toMatchObject({ accepted: 10, duplicate: 0 })
    expect(await second.customers()).toMatchObject({ secret })
    await second.put(touchpoints(10, 12))
    await second.caughtUp()
    expect((await second.status()).touchpoints).toMatchObject({ accepted: 12, duplicate: 0 })
    await second.close()

    const third = await start(directory, { fresh: true })
    expect(await third.status()).toMatchObject({ touchpoints: { received: 0 }, behind: 0 })
    expect((await third.customers()).journeys).toEqual([])
  })

  test('adds what goes out on the event bus to a file, until it is told to forget', async () => {
    const directory = newDirectory()
    const told = () =>
      readFileSync(join(directory, 'events.ndjson'), 'utf8')
        .split('\n')
        .filter(Boolean)
        .map((line) => JSON.parse(line).detail.key)

    const first = await start(directory)
    await putCheckpoint(first.endpoints, 'P#1', '1')
    await putCheckpoint(first.endpoints, 'P#2', '0')
    await first.caughtUp()
    expect(told()).toEqual(['P#1'])
    await first.close()

    const second = await start(directory)
    await putCheckpoint(second.endpoints, 'P#3', '2')
    await second.caughtUp()
    expect(told()).toEqual(['P#1', 'P#3'])
    await second.close()

    await start(directory, { fresh: true })
    expect(told()).toEqual([])
  })

  async function putCheckpoint({ dynamodb, region }: Endpoints, pk: string, e: string) {
    const credentials = { accessKeyId: 'local', secretAccessKey: 'local' }
    const client = new DynamoDBClient({ endpoint: dynamodb, region, credentials })
    const Item = { pk: { S: pk }, sk: { S: 'C' }, e: { N: e } }
    await client.send(new PutItemCommand({ TableName: 'omnijourney-journeys', Item }))
    client.destroy()
  }

  test('keeps the lake of the templates, and answers for it', async () => {
    const directory = newDirectory()
    const first = await start(directory)
    const { endpoints, system } = first
    const credentials = { accessKeyId: 'local', secretAccessKey: 'local' }
    const firehose = new FirehoseClient({
      endpoint: endpoints.firehose,
      region: endpoints.region,
      credentials,
    })
    const columns = system.lake.tables.find(({ name }) => name === 'quarantine_log')
    const fields = columns?.properties.OpenTableFormatInput.IcebergInput.IcebergTableInput.Schema.Fields ?? []
    const nothing = Object.fromEntries(fields.map(({ Name }) => [Name, null]))
    const Record = { Data: Buffer.from(JSON.stringify({ ...nothing, id: 'q-1' })) }
    const DeliveryStreamName = system.lake.deliveryStreams[0]?.name ?? ''
    await firehose.send(new PutRecordCommand({ DeliveryStreamName, Record }))
    firehose.destroy()
    await first.close()

    const second = await start(directory)
    const target = await findTarget(nothingGiven, join(directory, 'endpoints.json'))
    const asked = await runQuery('select id, reason from quarantine_log', target, nobodyWaits)
    expect(await Array.fromAsync(asked.pages())).toEqual([[['q-1', null]]])
    target.client.destroy()
    await second.close()
  })

  const nothingGiven = {
    sql: '',
    csv: false,
    profile: undefined,
    region: undefined,
    workGroup: undefined,
    database: undefined,
  }
  const nobodyWaits = { signal: new AbortController().signal, onWait: () => undefined }

  test('writes down where it is, for as long as it is there', async () => {
    const directory = newDirectory()
    const file = join(directory, 'endpoints.json')
    const { endpoints, close } = await start(directory)
    expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual(endpoints)
    await close()
    expect(existsSync(file)).toBe(false)
  })

  test('has its directory to itself', async () => {
    const directory = newDirectory()
    const first = await start(directory)
    await expect(start(directory)).rejects.toThrow('already runs')
    expect(await first.status()).toMatchObject({ behind: 0 })
  })

  test('says which port is taken, and by whom it is wanted', async () => {
    const other = createServer().listen(0, '127.0.0.1')
    opened.push(other)
    await once(other, 'listening')
    const address = other.address()
    const port = typeof address === 'object' && address ? address.port : 0
    const starting = startLocal({ directory: newDirectory(), assemblyDirectory, prebuilt: true, port })
    await expect(starting).rejects.toThrow(
      `Port ${port} is in use, and the API wants it. Start with --port N`,
    )
  })

  test('refuses what API Gateway refuses', async () => {
    const { endpoints } = await start(newDirectory())
    const tooLarge = { method: 'POST', body: 'x'.repeat(10 * 1024 * 1024 + 1) }
    expect((await fetch(`${endpoints.api}/v1/events`, tooLarge)).status).toBe(413)
    expect((await fetch(`${endpoints.api}/v1/events`)).status).toBe(404)
    expect((await fetch(`${endpoints.api}/v1/nothing`)).status).toBe(404)
  })
})

describe('a runtime that is killed', { timeout: 60_000 }, () => {
  async function startApart(directory: string) {
    const script = join(import.meta.dirname, 'run-runtime.ts')
    const child = spawn(process.execPath, [script, directory, assemblyDirectory], {
      detached: true,
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    opened.push({ close: () => killGroup(child) })
    const [line] = await once(createInterface(child.stdout), 'line')
    const endpoints = endpointsSchema.parse(JSON.parse(z.string().parse(line)))
    return { child, endpoints, ...clientOf(endpoints.api) }
  }

  function killGroup({ pid }: ChildProcess) {
    try {
      if (pid) process.kill(-pid, 'SIGKILL')
    } catch {
      // It has ended by itself.
    }
  }

  const isGone = (url: string) =>
    fetch(url).then(
      () => false,
      () => true,
    )

  test('with all its processes loses nothing and counts nothing twice', async () => {
    const directory = newDirectory()
    const killed = await startApart(directory)
    for (let at = 0; at < 5; at++) await killed.put(touchpoints(at * 100, at * 100 + 100))
    killGroup(killed.child)
    await once(killed.child, 'exit')

    const local = await start(directory)
    await local.caughtUp()
    expect((await local.status()).touchpoints).toMatchObject({ accepted: 500 })
    expect((await local.customers()).journeys).toHaveLength(500)
  })

  test('takes its servers with it', async () => {
    const directory = newDirectory()
    const { child, endpoints } = await startApart(directory)
    child.kill('SIGKILL')
    for (const url of Object.values(endpoints)) {
      await vi.waitUntil(() => isGone(url), { timeout: 5_000, interval: 20 })
    }
    expect(await (await start(directory)).status()).toMatchObject({ behind: 0 })
  })

  test.skipIf(process.platform !== 'linux')('leaves no engine in the way of the next start', async () => {
    const directory = newDirectory()
    const { child, endpoints } = await startApart(directory)
    const engine = Number(readFileSync(join(directory, 'dynamodb.pid'), 'utf8'))
    // Whoever would end the engine is killed before it can.
    process.kill(parentOf(engine), 'SIGKILL')
    child.kill('SIGKILL')
    await once(child, 'exit')
    expect(await isGone(endpoints.dynamodb)).toBe(false)

    expect(await (await start(directory)).status()).toMatchObject({ behind: 0 })
    expect(await isGone(endpoints.dynamodb)).toBe(true)
  })

  const parentOf = (pid: number) =>
    Number(/PPid:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1])
})
