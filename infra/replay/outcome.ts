import { catchUp } from './catch-up.ts'
import { type Counters, type Endpoints, type Rejections, readRejections, readStatus } from './local-system.ts'

/** What was sent and when, by a clock that only goes forward. */
export type Sending = { sent: number; startedMs: number; lastArrivalMs: number }

export type Outcome = {
  sent: number
  /** What the system counted in the meantime. */
  counted: Counters
  rejections: Rejections
  /** From the last record's arrival in the stream until all effects were visible. */
  visibleAfterMs: number
  /** From the first record until all effects were visible. */
  elapsedMs: number
}

export type OutcomeOptions = {
  send: () => Promise<Sending>
  sleep: (ms: number) => Promise<void>
  onBehind: (behind: number) => void
}

/** Sends to the system on this machine, waits until every effect is visible, and tells what became of it. */
export async function sendAndFollow(
  system: Endpoints,
  { send, sleep, onBehind }: OutcomeOptions,
): Promise<Outcome> {
  const since = new Date()
  const { touchpoints: before } = await readStatus(system)
  const { sent, startedMs, lastArrivalMs } = await send()
  const after = await catchUp({
    status: () => readStatus(system),
    received: before.received + sent,
    sleep,
    nowMs: () => performance.now(),
    onBehind,
  })
  const visibleMs = performance.now()
  const counted = difference(after, before)
  return {
    sent,
    counted,
    rejections: counted.quarantined > 0 ? await readRejections(system, since) : new Map(),
    visibleAfterMs: visibleMs - lastArrivalMs,
    elapsedMs: visibleMs - startedMs,
  }
}

function difference(after: Counters, before: Counters): Counters {
  return {
    received: after.received - before.received,
    accepted: after.accepted - before.accepted,
    duplicate: after.duplicate - before.duplicate,
    quarantined: after.quarantined - before.quarantined,
  }
}
