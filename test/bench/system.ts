import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { startLocal } from '../../infra/local/start.ts'
import { catchUp } from '../../infra/replay/catch-up.ts'
import { createEntryMaker, type Entry } from '../../infra/replay/entry.ts'
import { createPut } from '../../infra/replay/kinesis.ts'
import { readStatus } from '../../infra/replay/local-system.ts'
import { sendAll } from '../../infra/replay/send.ts'
import { settings } from '../identity/sequential.ts'
import { measureBus } from './bus.ts'
import { againstBar, barHeader, percentile, printTable } from './report.ts'
import { bytesOf, createRetailMix } from './retail-mix.ts'
import { createWatch, type Sighting } from './watch.ts'

const events = 10_000
const latencyBatches = 3
const eventsPerSecond = 20
const barMs = 500

/** The whole system on this machine: how fast it is, and how soon an event is visible. */
export async function benchSystem(): Promise<void> {
  const directory = mkdtempSync(join(tmpdir(), 'omnijourney-bench-'))
  const options = { directory, port: 0, assemblyDirectory: join(directory, 'assembly') }
  const runtime = await startLocal(options)
  try {
    const { endpoints, system } = runtime
    const put = createPut({ ...endpoints, endpoint: endpoints.kinesis })
    const toEntry = createEntryMaker(settings, { now: () => new Date(), fixedKey: undefined })
    const mix = createRetailMix(7)
    let acceptedMs = 0
    const status = async () => {
      const current = await readStatus(endpoints)
      if (acceptedMs === 0 && current.touchpoints.received >= events) acceptedMs = performance.now()
      return current
    }
    const caughtUp = (received: number) =>
      catchUp({ status, received, sleep, nowMs: () => performance.now(), onBehind: () => undefined })

    const entries = Array.from({ length: events / 100 }, () =>
      mix.next().events.map(bytesOf).map(toEntry),
    ).flat()
    const startedMs = performance.now()
    await sendAll(oneByOne(entries), {
      put,
      sleep,
      nowMs: () => performance.now(),
      onArrived: () => undefined,
    })
    const sentMs = performance.now() - startedMs
    const counted = await caughtUp(events)
    const visibleMs = performance.now() - startedMs
    printTable(
      `system: ${events} events into Kinesis as fast as they go`,
      ['', 'seconds', 'events/s'],
      [
        ['all are in Kinesis', sentMs / 1000, (1000 * events) / sentMs],
        [
          'process has stored all',
          (acceptedMs - startedMs) / 1000,
          (1000 * events) / (acceptedMs - startedMs),
        ],
        ['all are visible', visibleMs / 1000, (1000 * events) / visibleMs],
      ],
    )
    if (counted.accepted !== events) throw new Error(`only ${counted.accepted} were accepted`)

    const table = system.tables.find(({ name }) => name.includes('touchpoints'))?.name ?? ''
    const watch = createWatch(endpoints, table)
    const sightings: Sighting[] = []
    let watching: Promise<void> | undefined
    const beginMs = performance.now()
    const gentle = Array.from({ length: latencyBatches }, () => mix.next().events).flat()
    for (const [at, event] of gentle.entries()) {
      const dueMs = beginMs + (1000 * at) / eventsPerSecond
      const person = watching ? null : await watch.personOf(event)
      await sleep(Math.max(0, dueMs - performance.now()))
      const putMs = performance.now()
      await put([toEntry(bytesOf(event))])
      if (!person) continue
      watching = watch.see(event, person, putMs).then((seen) => {
        sightings.push(seen)
        watching = undefined
      })
    }
    await watching
    await caughtUp(events + gentle.length)
    printSightings(sightings)
    const isLost = await Promise.all(sightings.map(async ({ isVisible }) => !(await isVisible())))
    const lost = isLost.filter(Boolean).length
    if (lost > 0) console.log(`  ${lost} are not visible though the system has caught up\n`)
    const passed = await measureBus({
      directory,
      put: async (event) => {
        await put([toEntry(bytesOf(event))])
      },
      ...watch,
    })
    const busMs = [0.5, 0.95, 1].map((share) => Math.round(percentile(passed, share)))
    printTable(
      `system: milliseconds from a journey that readers see to its event on the bus, ${passed.length} purchases`,
      ['', 'p50', 'p95', 'max'],
      [['stored change to EventBridge', ...busMs]],
    )
    watch.close()
  } finally {
    await runtime.close()
    rmSync(directory, { recursive: true, force: true })
  }
}

async function* oneByOne(entries: readonly Entry[]): AsyncGenerator<Entry> {
  yield* entries
}

function printSightings(sightings: readonly Sighting[]): void {
  const row = (name: string, values: number[]) => [
    name,
    ...[0.5, 0.95, 1].map((share) => Math.round(percentile(values, share))),
  ]
  printTable(
    `system: milliseconds at ${eventsPerSecond} events/s, ${sightings.length} events watched`,
    ['', 'p50', 'p95', 'max'],
    [
      row(
        'put to touchpoint stored',
        sightings.map(({ storedMs }) => storedMs),
      ),
      row(
        'put to profile shows it',
        sightings.map(({ visibleMs }) => visibleMs),
      ),
    ],
  )
  const p95 = percentile(
    sightings.map(({ visibleMs }) => visibleMs),
    0.95,
  )
  printTable('system: latency', barHeader, [againstBar('put to profile, p95', Math.round(p95), barMs, 'ms')])
  console.log(
    '  The bar counts from the start of process, which is later than the put: this is an upper bound.\n',
  )
}
