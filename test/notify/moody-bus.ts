import { mkdtempSync, readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { json } from 'node:stream/consumers'
import { EventBridgeClient } from '@aws-sdk/client-eventbridge'
import { NodeHttpHandler } from '@smithy/node-http-handler'
import { z } from 'zod'
import { serveEventBus } from '../../infra/local/event-bus.ts'

const requestSchema = z.object({ Entries: z.array(z.looseObject({ Detail: z.string() })) })
const answerSchema = z.object({ Entries: z.array(z.looseObject({})) })
const lineSchema = z.looseObject({ detail: z.looseObject({ id: z.string() }) })

/** The code that an entry fails with, by its id and how often it was offered before; null: it is taken. */
export type Mood = (id: string, offered: number) => string | null

const bus = { id: 'bus', logicalId: 'Bus', name: 'bus', arn: 'arn:bus', properties: {} }

/** The event bus of this machine behind a door at which some entries are turned away. */
export async function startMoodyBus(mood: Mood) {
  const directory = mkdtempSync(join(tmpdir(), 'omnijourney-bus-'))
  const inner = await serveEventBus([bus], { port: 0, directory })
  const requests: string[][] = []
  const offers = new Map<string, number>()

  const moodOf = ({ Detail }: { Detail: string }) => {
    const { id } = lineSchema.shape.detail.parse(JSON.parse(Detail))
    const offered = offers.get(id) ?? 0
    offers.set(id, offered + 1)
    return { id, ErrorCode: mood(id, offered) }
  }
  const door = createServer(async (request, response) => {
    const { Entries } = requestSchema.parse(await json(request))
    const moods = Entries.map(moodOf)
    requests.push(moods.map(({ id }) => id))
    const passed = Entries.filter((_, index) => !moods[index]?.ErrorCode)
    const answered = passed.length > 0 ? await forward(passed) : []
    const results = moods.map(({ ErrorCode }) => (ErrorCode ? { ErrorCode } : answered.shift()))
    response.end(JSON.stringify({ FailedEntryCount: Entries.length - passed.length, Entries: results }))
  })
  await new Promise<void>((resolve) => door.listen(0, '127.0.0.1', resolve))
  const address = door.address()
  const port = typeof address === 'object' && address ? address.port : 0

  async function forward(Entries: object[]) {
    const response = await fetch(`http://127.0.0.1:${inner.port}`, {
      method: 'POST',
      headers: { 'x-amz-target': 'AWSEvents.PutEvents' },
      body: JSON.stringify({ Entries }),
    })
    return answerSchema.parse(await response.json()).Entries
  }

  const eventBridge = new EventBridgeClient({
    endpoint: `http://127.0.0.1:${port}`,
    region: 'eu-central-1',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
    maxAttempts: 1,
    requestHandler: new NodeHttpHandler(),
  })
  return {
    eventBridge,
    bus: bus.name,
    /** The ids of the entries of each request. */
    requests,
    events: () =>
      readFileSync(join(directory, 'events.ndjson'), 'utf8')
        .split('\n')
        .filter(Boolean)
        .map((line) => lineSchema.parse(JSON.parse(line))),
    async close() {
      eventBridge.destroy()
      door.closeAllConnections()
      await Promise.all([inner.close(), new Promise((resolve) => door.close(resolve))])
    },
  }
}
