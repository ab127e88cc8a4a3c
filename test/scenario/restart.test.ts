import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { afterAll, expect, it, vi } from 'vitest'
import { z } from 'zod'
import { createRandom } from '../../infra/demo/random.ts'
import { assembled } from './assembled.ts'
import { connect, type Line, type LocalClient, startSystem } from './local-system.ts'

const addressSchema = z.object({
  api: z.string(),
  kinesis: z.string(),
  stream: z.string(),
  region: z.string(),
})
const touchpointSchema = z.looseObject({ id: z.string(), journeyId: z.string().nullable() })
const journeySchema = z.looseObject({ journeyId: z.string() })

const closers: (() => unknown)[] = []
afterAll(async () => {
  for (const close of closers.splice(0).reverse()) await close()
})

const count = 3_000
const customers = Array.from({ length: 20 }, (_, index) => `c-${index}`)
const types = 'view_item search add_to_cart email_sent login purchase refund complaint delivery'.split(' ')
const channels = ['web', 'app', 'store', 'email'] as const
const batch = 100
/** So many events of one customer follow each other. */
const visit = 30

/** Half a year of 20 customers: web visits without their number, a few late, joined by what follows. */
function halfAYear(): string[] {
  const random = createRandom(11)
  const start = Date.now() - 200 * 24 * 60 * 60 * 1000
  return Array.from({ length: count }, (_, at) => {
    const customer = customers[Math.floor(at / visit) % customers.length] ?? ''
    const cookie = { type: 'cookie_id', value: `k-${customer}` }
    const late = random.chance(0.03) ? random.below(40) * 60 * 60 * 1000 : 0
    const type = types[random.below(types.length)] ?? ''
    const isMoney = type === 'purchase' || type === 'refund'
    return JSON.stringify({
      id: `e-${at}`,
      source: 'scenario',
      time: new Date(start + at * 5_400_000 - late).toISOString(),
      channel: channels[random.below(channels.length)],
      type,
      identifiers: random.chance(0.3)
        ? [cookie]
        : [{ type: 'customer_id', value: customer }, ...(random.chance(0.5) ? [cookie] : [])],
      ...(isMoney && {
        order: { id: `O-${customer}-${Math.floor(at / 60)}`, total: random.below(9_000) / 100 },
      }),
    })
  })
}

/** A system in a process group of its own, on a directory that outlives it. */
async function startApart(directory: string) {
  const script = join(import.meta.dirname, '..', 'infra', 'local', 'run-runtime.ts')
  const child = spawn(process.execPath, [script, directory, await assembled()], {
    detached: true,
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  closers.push(() => killGroup(child))
  const [line] = await once(createInterface(child.stdout), 'line')
  const client = connect(addressSchema.parse(JSON.parse(z.string().parse(line))))
  closers.push(client.disconnect)
  return { ...client, child }
}

function killGroup({ pid }: ChildProcess) {
  try {
    if (pid) process.kill(-pid, 'SIGKILL')
  } catch {
    // It has ended by itself.
  }
}

/** What the API says of the customers, apart from ids that differ from system to system. */
async function toldOf(system: LocalClient) {
  const told: Record<string, unknown> = {}
  for (const customer of customers) {
    const path = `/v1/customers/${await system.personOf({ type: 'customer_id', value: customer })}`
    const journeys = await system.list(`${path}/journeys?limit=500`, journeySchema)
    const timeline = await system.list(`${path}/timeline?order=asc&limit=500`, touchpointSchema)
    const place = new Map(journeys.map(({ journeyId }, index) => [journeyId, index]))
    told[customer] = {
      journeys: journeys.map(({ journeyId: _, ...journey }) => journey),
      touchpoints: timeline.map(({ journeyId, ...touchpoint }) => ({
        ...touchpoint,
        journey: journeyId === null ? null : place.get(journeyId),
      })),
    }
  }
  return told
}

async function toldUndisturbed(events: readonly string[]) {
  const system = await startSystem()
  closers.push(system.close)
  await system.put(events, { partitionKey: customerIn })
  expect(await system.caughtUp(count)).toMatchObject({ accepted: count, duplicate: 0 })
  return toldOf(system)
}

const customerIn = (line: Line): string => /c-\d+/.exec(String(line))?.[0] ?? ''

const idsTold = z.record(z.string(), z.object({ touchpoints: z.array(z.object({ id: z.string() })) }))

it('stores each event once though the system is killed again and again', { timeout: 170_000 }, async () => {
  const events = halfAYear()
  const undisturbed = toldUndisturbed(events)
  undisturbed.catch(() => undefined)
  const directory = mkdtempSync(join(tmpdir(), 'omnijourney-restart-'))
  closers.push(() => rmSync(directory, { recursive: true, force: true }))
  let system = await startApart(directory)
  let sent = 0

  const sendUntil = async (end: number) => {
    while (sent < end) {
      await system.put(events.slice(sent, sent + batch), { partitionKey: customerIn })
      sent += batch
    }
  }
  const killWhile = async (working: () => Promise<boolean>, kill: (child: ChildProcess) => unknown) => {
    await vi.waitUntil(working, { timeout: 20_000, interval: 30 })
    const exited = once(system.child, 'exit')
    kill(system.child)
    await exited
    system.disconnect()
    system = await startApart(directory)
  }
  const atWork = (accepted: number) => async () => {
    const { behind, touchpoints } = await system.status()
    return touchpoints.accepted >= accepted && behind > 0
  }

  // All of its processes at once, as when the power fails; the rest is in the stream.
  await sendUntil(1_500)
  await killWhile(atWork(300), killGroup)
  // In the middle of a request whose answer never comes: its records are sent again.
  const interrupted = system.put(events.slice(sent, sent + 500), { partitionKey: 'interrupted' })
  await killWhile(atWork(1_000), (child) => child.kill('SIGKILL'))
  await interrupted.catch(() => undefined)
  await sendUntil(count)
  const { accepted, quarantined } = await system.caughtUp(count)
  expect({ accepted, quarantined }).toEqual({ accepted: count, quarantined: 0 })
  const told = await toldOf(system)
  const ids = Object.values(idsTold.parse(told)).flatMap(({ touchpoints }) => touchpoints.map(({ id }) => id))
  expect(ids.length).toBe(count)
  expect(new Set(ids).size).toBe(count)

  expect(told).toEqual(await undisturbed)
})
