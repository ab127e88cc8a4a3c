import { setTimeout } from 'node:timers/promises'
import { settingsSchema } from '../../functions/runtime/settings.ts'
import { catchUp } from '../replay/catch-up.ts'
import { createEntryMaker } from '../replay/entry.ts'
import { addressOf, createPut } from '../replay/kinesis.ts'
import { type Endpoints, readStatus } from '../replay/local-system.ts'
import { type Sending, sendAndFollow } from '../replay/outcome.ts'
import type { Progress } from '../replay/progress.ts'
import { sendAll } from '../replay/send.ts'
import { createDemoWorld, type DemoSize } from './demo-world.ts'
import type { SentEvent } from './event.ts'
import { findAll } from './find.ts'
import { pace } from './pace.ts'
import { announce, dayOf, reportDemo } from './report.ts'

export type DemoOptions = {
  endpoints: Endpoints
  /** Where the system's state lives. */
  directory: string
  perSecond: number
  /** Where the world ends. */
  now: Date
  size?: DemoSize
  progress: Progress
  say: (text: string) => void
  signal: AbortSignal
}

/** Streams a retail world up to now into a system that runs, and tells what came of it. Ends early with the signal. */
export async function streamDemo(options: DemoOptions): Promise<void> {
  try {
    await stream(options)
  } catch (error) {
    // Whatever fails while the system is being stopped fails because of that.
    if (!options.signal.aborted) throw error
  } finally {
    options.progress.clear()
  }
}

async function stream(options: DemoOptions): Promise<void> {
  const { endpoints, directory, perSecond, now, size, progress, say, signal } = options
  const clock = {
    nowMs: () => performance.now(),
    sleep: (ms: number) => setTimeout(ms, undefined, { signal }),
  }
  const { events, worthLookingAt } = createDemoWorld(directory, { now, size })
  say(announce(events, perSecond))
  const status = () => readStatus(endpoints)
  await catchUp({ status, received: 0, ...clock, onBehind: progress.beginning })
  const outcome = await sendAndFollow(endpoints, {
    send: () => send(events, { ...options, ...clock }),
    ...clock,
    onBehind: progress.waiting,
  })
  const found = await findAll(endpoints.api, worthLookingAt)
  signal.throwIfAborted()
  progress.clear()
  say(reportDemo(outcome, found))
}

type Clock = { nowMs: () => number; sleep: (ms: number) => Promise<void> }

async function send(
  events: readonly SentEvent[],
  { endpoints, perSecond, progress, signal, nowMs, sleep }: DemoOptions & Clock,
): Promise<Sending> {
  const toEntry = createEntryMaker(settingsSchema.parse({}), { now: () => new Date(), fixedKey: undefined })
  const put = createPut(addressOf(endpoints))
  const startedMs = nowMs()
  let lastArrivalMs = startedMs
  let sent = 0
  let latest = ''
  const onArrived = (count: number) => {
    sent += count
    lastArrivalMs = nowMs()
    const elapsedMs = lastArrivalMs - startedMs
    progress.sending({ sent, read: events.length, fraction: 1, elapsedMs, at: latest })
  }
  for await (const due of pace(events, { perSecond, nowMs, sleep })) {
    signal.throwIfAborted()
    // Late ones do not turn the day back.
    for (const day of due.map(({ time }) => dayOf(time))) if (day > latest) latest = day
    const entries = due.map((event) => toEntry(Buffer.from(JSON.stringify(event))))
    // One lot after the other, so that the records of a key stay in order.
    await sendAll(entries, { put, sleep, nowMs, onArrived })
  }
  return { sent, startedMs, lastArrivalMs }
}
