import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { DynamoDBClient, ListTablesCommand } from '@aws-sdk/client-dynamodb'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { scopes } from '../../functions/http/scopes.ts'
import { table } from '../../functions/runtime/clients.ts'
import { createInsightsStore } from '../../functions/store/insights.ts'
import { type Cdk, createCdk } from './cdk.ts'
import { type Deployment, reach } from './deployment.ts'
import { type Emulator, region, startEmulator } from './emulator.ts'
import { until } from './until.ts'

const prefix = 'omnijourney-trial'
/** All but that of operations: dashboard, budget, metric math and saved queries are what the emulator does not know. */
const stacks = [`${prefix}-data`, `${prefix}-analysis`, prefix]
const story = readFileSync(join(import.meta.dirname, '..', '..', 'infra', 'replay', 'story.jsonl'), 'utf8')
const ada = { type: 'email', value: 'Ada.Winter@example.org' }

const clients = [
  { name: 'everything', scopes },
  { name: 'till', scopes: ['events:write'] },
  { name: 'shop', scopes: ['customers:read'] },
]
const kiosk = { type: 'app_install_id', value: 'kiosk-0007' }
const found = z.object({ personId: z.string() })
const prepared = z.object({ runs: z.array(z.object({ state: z.record(z.string(), z.unknown()) })) })
const profile = z.object({ touchpointCount: z.number(), orderCount: z.number() })

const event = (customer: string, id: string) => ({
  ...{ id, source: 'web/shop', time: '2026-11-01T10:00:00Z', channel: 'web', type: 'page_view' },
  identifiers: [{ type: 'loyalty_id', value: customer }],
})

describe.each([
  { enforced: false, removalPolicy: 'destroy', title: 'a first deployment' },
  { enforced: true, removalPolicy: 'retain', title: 'a deployment whose roles are enforced' },
])('$title', ({ enforced, removalPolicy }) => {
  const options = { removalPolicy, access: { clients }, publishWindowSeconds: 1 }
  let emulator: Emulator
  let cdk: Cdk
  let deployment: Deployment
  let token: string
  let dynamodb: DynamoDBClient

  beforeAll(async () => {
    emulator = await startEmulator({ enforced })
    cdk = createCdk(emulator)
    console.log('cdk bootstrap')
    await cdk.bootstrap()
    console.log('cdk deploy')
    deployment = reach(emulator, await cdk.deploy(options, stacks), prefix)
    token = await deployment.token('everything')
    const credentials = { accessKeyId: 'test', secretAccessKey: 'test' }
    dynamodb = new DynamoDBClient({ endpoint: emulator.endpoint, region, credentials })
  })
  beforeEach(({ onTestFailed }) => {
    onTestFailed(async () => {
      console.log((await deployment.logged(/ERROR|Error|Exception/)).slice(-10).join('\n'))
      console.log(emulator.log().slice(-3_000))
    })
  })
  afterAll(async () => {
    dynamodb?.destroy()
    deployment?.close()
    cdk?.close()
    await emulator?.stop()
  })

  const lookup = async (identifier: object) => {
    const { status, body } = await deployment.call('POST', '/v1/customers/lookup', {
      token,
      body: identifier,
    })
    return status === 200 ? found.parse(body).personId : null
  }
  const profileOf = async (personId: string) => {
    const { body } = await deployment.call('GET', `/v1/customers/${personId}`, { token })
    return profile.safeParse(body).data
  }
  const touchpointsOf = async (identifier: object) => {
    const personId = await lookup(identifier)
    return personId === null ? 0 : ((await profileOf(personId))?.touchpointCount ?? 0)
  }
  const tableNames = async () => (await dynamodb.send(new ListTablesCommand({}))).TableNames ?? []

  test('takes events from the stream, and knows whose they are', async () => {
    const lines = story.trimEnd().split('\n')
    await deployment.send(lines.map((data) => ({ key: 'story', data })))
    await until('Ada has her nine touchpoints', async () => (await touchpointsOf(ada)) === 9)
    const personId = await lookup(ada)
    expect(await profileOf(personId ?? '')).toMatchObject({ touchpointCount: 9, orderCount: 1 })
    const { body } = await deployment.call('GET', '/v1/quarantine', { token })
    expect(body).toMatchObject({ items: [{ reason: 'invalid_json' }] })
  })

  test('asks for a token, and for its scope', async () => {
    const [till, shop] = [await deployment.token('till'), await deployment.token('shop')]
    const status = async (method: string, path: string, sent: { token?: string; body?: unknown } = {}) =>
      (await deployment.call(method, path, sent)).status
    const events = { body: [event('C-1001', 'by-http')] }
    expect({
      noToken: await status('GET', '/v1/quarantine'),
      noTokenToSend: await status('POST', '/v1/events', events),
      noneOfOurs: await status('GET', '/v1/quarantine', { token: 'e30.e30.e30' }),
      noneOfOursToSend: await status('POST', '/v1/events', { ...events, token: 'e30.e30.e30' }),
      scopeMissing: await status('GET', '/v1/quarantine', { token: till }),
      scopeMissingToSend: await status('POST', '/v1/events', { ...events, token: shop }),
      toSend: await status('POST', '/v1/events', { ...events, token: till }),
      toRead: await status('POST', '/v1/customers/lookup', { body: ada, token: shop }),
    }).toEqual({
      ...{ noToken: 401, noTokenToSend: 401, noneOfOurs: 401, noneOfOursToSend: 401 },
      ...{ scopeMissing: 403, scopeMissingToSend: 403, toSend: 202, toRead: 200 },
    })
    const customer = { type: 'loyalty_id', value: 'C-1001' }
    await until('the event that came by HTTP is there', async () => (await touchpointsOf(customer)) === 1)
  })

  test('lets operators join and part customers, and marketers plan campaigns', async () => {
    await deployment.send([
      { key: 'a', data: JSON.stringify(event('O-1001', 'o-1')) },
      { key: 'b', data: JSON.stringify(event('O-1002', 'o-2')) },
      { key: 'c', data: JSON.stringify({ ...event('', 'o-3'), identifiers: [kiosk] }) },
    ])
    const [one, two] = ['O-1001', 'O-1002'].map((value) => ({ type: 'loyalty_id', value }))
    await until(
      'both are there',
      async () => (await touchpointsOf(one ?? {})) + (await touchpointsOf(two ?? {})) === 2,
    )
    const merging = { token, body: { with: await lookup(two ?? {}), reason: 'called' } }
    const merged = await deployment.call('POST', `/v1/customers/${await lookup(one ?? {})}/merges`, merging)
    const { mergeId, personId } = z.object({ mergeId: z.string(), personId: z.string() }).parse(merged.body)
    await until('their journeys have followed', async () => (await touchpointsOf(one ?? {})) === 2)
    const undo = `/v1/customers/${personId}/merges/${mergeId}/undo`
    expect(await deployment.call('POST', undo, { token })).toMatchObject({ status: 200 })
    await until('they are two again', async () => (await touchpointsOf(one ?? {})) === 1)
    for (const path of ['timeline', 'journeys', 'orders', 'identity', 'merges'])
      expect(await deployment.call('GET', `/v1/customers/${personId}/${path}`, { token })).toMatchObject({
        status: 200,
      })
    await until('the kiosk is known', async () => (await touchpointsOf(kiosk)) === 1)
    const device = { token, body: kiosk }
    for (const method of ['PUT', 'DELETE'])
      expect(await deployment.call(method, '/v1/identifiers/shared', device)).toMatchObject({ status: 200 })
    const campaign = {
      token,
      body: {
        name: 'Autumn',
        channel: 'email',
        startsOn: '2026-11-01',
        endsOn: '2026-11-30',
        currency: 'EUR',
      },
    }
    expect(await deployment.call('PUT', '/v1/campaigns/autumn', campaign)).toMatchObject({ status: 200 })
    const listed = { status: 200, body: { items: [{ name: 'Autumn' }] } }
    expect(await deployment.call('GET', '/v1/campaigns', { token })).toMatchObject(listed)
  })

  test('gives back what was rejected', async () => {
    const { body } = await deployment.call('GET', '/v1/quarantine', { token })
    const [item] = z.object({ items: z.array(z.object({ id: z.string() })) }).parse(body).items
    expect(await deployment.call('GET', `/v1/quarantine/${item?.id}`, { token })).toMatchObject({
      status: 200,
    })
  })

  test('asks the lake, of which the emulator knows no table', async () => {
    const startedAt = '2026-11-01T00:00:00Z'
    const run = { runId: 'run-1', from: '2026-08-01T00:00:00Z', to: startedAt, parameters: {}, startedAt }
    const insights = (await tableNames()).find((name) => name.includes('Insights')) ?? ''
    const shown = { ...run, finishedAt: startedAt, bytesScanned: 0, bucketDigits: 0 }
    await createInsightsStore(table(dynamodb, insights)).show('associations', shown)
    const listed = await deployment.call('GET', '/v1/insights/associations', { token })
    expect(listed).toMatchObject({ status: 500 })

    const ended = { ...run, analysis: 'associations', bytesScanned: 0, status: 'succeeded', reason: null }
    const refreshing = deployment.invoke(`${prefix}-refresh`, { runs: [ended] })
    await expect(refreshing).rejects.toThrow('analysis_run does not exist')

    const begin = { step: 'prepare', request: { analyses: ['associations'] }, name: 'night', startedAt }
    const { runs } = prepared.parse(await deployment.invoke(`${prefix}-analyse`, begin))
    // The third of its statements is the first one whose answer it reads.
    const state = { ...runs[0]?.state, executions: ['written', 'written'] }
    const answer = { executionId: await deployment.ask('select 1 where false'), bytesScanned: 0 }
    const next = { step: 'next', run: { state, answer } }
    expect(await deployment.invoke(`${prefix}-analyse`, next)).toMatchObject({ isDone: false })
  })

  test('runs by the clock', async () => {
    for (const name of ['timers', 'refold']) await deployment.invoke(`${prefix}-${name}`, {})
  })

  test.skipIf(enforced)(
    'loses nothing and counts nothing twice when functions are killed at work',
    async () => {
      const customers = Array.from({ length: 12 }, (_, at) => `K-${1_000 + at}`)
      let rounds = 0
      for (const name of ['process', 'journey']) {
        const cutOff = new RegExp(`${prefix}-${name} shard .* failed`)
        await until(`a batch of ${name} is cut off`, async () => {
          rounds++
          await deployment.send(
            customers.flatMap((customer) =>
              Array.from({ length: 10 }, (_, at) => ({
                key: customer,
                data: JSON.stringify(event(customer, `${customer}-${rounds}-${at}`)),
              })),
            ),
          )
          for (const pid of emulator.workers(`${prefix}-${name}`)) process.kill(pid, 'SIGKILL')
          return cutOff.test(emulator.log())
        })
      }
      for (const value of customers) {
        const customer = { type: 'loyalty_id', value }
        await until(`${value} has all`, async () => (await touchpointsOf(customer)) >= 10 * rounds)
        expect(await touchpointsOf(customer)).toBe(10 * rounds)
      }
    },
  )

  test.runIf(enforced)('has every right that it needs', async () => {
    await until('rows were sent to the lake', async () =>
      (await deployment.logged(/"correlationIds"/)).some((line) => line.startsWith(`/${prefix}/publish`)),
    )
    expect(emulator.refused()).toEqual([])
    expect(await deployment.logged(/AccessDenied|not authorized/)).toEqual([])
  })

  test('is changed without anything being lost', async () => {
    const tables = await tableNames()
    console.log('cdk deploy, with a change')
    await cdk.deploy({ ...options, settings: { quietMinutes: 30 }, logDays: 7 }, stacks)
    expect(await tableNames()).toEqual(tables)
    expect(await touchpointsOf(ada)).toBe(9)
    await deployment.send([{ key: 'after', data: JSON.stringify(event('C-1001', 'after')) }])
    const customer = { type: 'loyalty_id', value: 'C-1001' }
    await until('what comes is taken', async () => (await touchpointsOf(customer)) === 2)
  })

  test('goes as it came, with its data or without as was said', async () => {
    console.log('cdk destroy')
    await cdk.destroy(stacks)
    expect(await tableNames()).toHaveLength(removalPolicy === 'retain' ? 4 : 0)
  })
})
