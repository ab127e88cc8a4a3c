import { appendFileSync, mkdtempSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { EventBridgeClient, PutEventsCommand, type PutEventsRequestEntry } from '@aws-sdk/client-eventbridge'
import { NodeHttpHandler } from '@smithy/node-http-handler'
import { afterEach, describe, expect, test } from 'vitest'
import { serveEventBus } from '../../../infra/local/event-bus.ts'

const arn = 'arn:aws:events:eu-central-1:000000000000:event-bus/shop'
const shop = { id: 'shop', logicalId: 'Shop', name: 'shop', arn, properties: {} }

const opened: { close(): Promise<void> }[] = []
afterEach(async () => {
  for (const each of opened.splice(0).reverse()) await each.close()
})

async function start(directory = mkdtempSync(join(tmpdir(), 'omnijourney-events-'))) {
  const server = await serveEventBus([shop], { port: 0, directory })
  opened.push(server)
  const client = new EventBridgeClient({
    endpoint: `http://127.0.0.1:${server.port}`,
    region: 'eu-central-1',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
    maxAttempts: 1,
    requestHandler: new NodeHttpHandler(),
  })
  opened.push({ close: async () => client.destroy() })
  const file = join(directory, 'events.ndjson')
  return {
    directory,
    file,
    endpoint: `http://127.0.0.1:${server.port}`,
    close: () => server.close(),
    put: (...Entries: PutEventsRequestEntry[]) => client.send(new PutEventsCommand({ Entries })),
    lines: (): unknown[] =>
      readFileSync(file, 'utf8')
        .split('\n')
        .filter(Boolean)
        .map((line) => JSON.parse(line)),
  }
}

const entry = (changes: PutEventsRequestEntry = {}): PutEventsRequestEntry => ({
  Source: 'till',
  DetailType: 'Sold',
  Detail: '{"sku":"LAMP-7"}',
  EventBusName: 'shop',
  ...changes,
})

describe('the event bus of one machine', () => {
  test('writes down each event as a target would get it', async () => {
    const bus = await start()
    const { FailedEntryCount, Entries = [] } = await bus.put(
      entry({ Time: new Date('2026-09-03T15:00:00.700Z'), Resources: ['arn:till:4'] }),
      entry({ EventBusName: arn }),
    )
    expect(FailedEntryCount).toBe(0)
    const event = {
      version: '0',
      'detail-type': 'Sold',
      source: 'till',
      account: '000000000000',
      region: 'eu-central-1',
      detail: { sku: 'LAMP-7' },
    }
    expect(bus.lines()).toEqual([
      { ...event, id: Entries[0]?.EventId, time: '2026-09-03T15:00:00Z', resources: ['arn:till:4'] },
      {
        ...event,
        id: Entries[1]?.EventId,
        time: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/),
        resources: [],
      },
    ])
    expect(new Set(Entries.map(({ EventId }) => EventId)).size).toBe(2)
  })

  test.each([
    ['no source', { Source: undefined }, 'InvalidArgument'],
    ['no type', { DetailType: '' }, 'InvalidArgument'],
    ['no detail', { Detail: undefined }, 'InvalidArgument'],
    ['a detail that is not JSON', { Detail: '{' }, 'MalformedDetail'],
    ['a detail that is no object', { Detail: '[1]' }, 'MalformedDetail'],
    ['null for a detail', { Detail: 'null' }, 'MalformedDetail'],
    ['a source of Amazon’s', { Source: 'aws.s3' }, 'NotAuthorizedForSourceException'],
    ['a bus that is not there', { EventBusName: 'other' }, 'ResourceNotFoundException'],
    ['the default bus', { EventBusName: undefined }, 'ResourceNotFoundException'],
  ])('takes the others when one has %s', async (_, changes, code) => {
    const bus = await start()
    const { FailedEntryCount, Entries } = await bus.put(entry(), entry(changes), entry())
    expect(FailedEntryCount).toBe(1)
    expect(Entries).toMatchObject([
      { EventId: expect.any(String) },
      { ErrorCode: code, ErrorMessage: expect.any(String) },
      { EventId: expect.any(String) },
    ])
    expect(bus.lines()).toHaveLength(2)
  })

  test.each([
    ['more than ten entries', Array(11).fill(entry()), 'validation error'],
    ['no entry', [], 'validation error'],
    [
      'more than 256 KB',
      Array(3).fill(entry({ Detail: `{"a":"${'ä'.repeat(50_000)}"}` })),
      'Total size of the entries in the request is over the limit',
    ],
  ])('refuses a request of %s as a whole', async (_, entries, message) => {
    const bus = await start()
    await expect(bus.put(...entries)).rejects.toMatchObject({
      name: 'ValidationException',
      message: expect.stringContaining(message),
    })
    expect(bus.lines()).toEqual([])
  })

  test('goes on with the file of before, without the line that was not finished', async () => {
    const first = await start()
    await first.put(entry())
    const [told] = first.lines()
    await first.close()
    appendFileSync(first.file, '{"version":"0","id":"4')
    const second = await start(first.directory)
    expect(second.lines()).toEqual([told])
    await second.put(entry())
    expect(second.lines()).toHaveLength(2)
  })

  test.each([
    ['another operation', { 'x-amz-target': 'AWSEvents.PutRule' }, '{}', 'UnknownOperationException'],
    ['none', {}, '{}', 'UnknownOperationException'],
    ['what is not JSON', { 'x-amz-target': 'AWSEvents.PutEvents' }, '{', 'SerializationException'],
  ])('says that it does not know %s', async (_, headers, body, code) => {
    const { endpoint } = await start()
    const response = await fetch(endpoint, { method: 'POST', headers, body })
    expect(response.status).toBe(400)
    expect(await response.json()).toMatchObject({ __type: code })
  })
})
