import type { Entry } from './entry.ts'
import { ReplayFailure } from './failure.ts'
import { createOutbox, type Outbox } from './outbox.ts'

/** Puts a batch into the stream and tells, in its order, what went wrong with each entry (null: nothing). */
export type PutBatch = (batch: readonly Entry[]) => Promise<(string | null)[]>

export type SendOptions = {
  put: PutBatch
  onArrived: (count: number) => void
  sleep: (ms: number) => Promise<void>
  nowMs: () => number
}

const maxRequests = 4
const fullBatch = 500
const maxWaitingEntries = 5_000
const maxWaitingBytes = 64 * 1024 * 1024
const patienceMs = 60_000
const longestPauseMs = 5_000

/** Sends all entries with several requests at a time; entries of one key arrive in their order. */
export async function sendAll(
  entries: AsyncIterable<Entry> | Iterable<Entry>,
  options: SendOptions,
): Promise<void> {
  const outbox = createOutbox()
  const requests = new Set<Promise<void>>()
  const deliver = createDelivery(outbox, options)
  let failure: { error: unknown } | undefined

  function start() {
    while (requests.size < maxRequests && failure === undefined) {
      const batch = outbox.take()
      if (batch.length === 0) return
      const request = deliver(batch)
        .catch((error: unknown) => {
          failure ??= { error }
        })
        .finally(() => requests.delete(request))
      requests.add(request)
    }
  }

  try {
    for await (const entry of entries) {
      outbox.add(entry)
      if (outbox.readyKeys() >= fullBatch) start()
      while (isFull() && failure === undefined) {
        start()
        await Promise.race(requests)
      }
      if (failure !== undefined) break
    }
    while (failure === undefined && (outbox.waitingEntries() > 0 || requests.size > 0)) {
      start()
      await Promise.race(requests)
    }
  } finally {
    await Promise.all(requests)
  }
  if (failure !== undefined) throw failure.error

  function isFull() {
    return outbox.waitingEntries() >= maxWaitingEntries || outbox.waitingBytes() >= maxWaitingBytes
  }
}

function createDelivery(
  outbox: Outbox,
  { put, onArrived, sleep, nowMs }: SendOptions,
): (batch: readonly Entry[]) => Promise<void> {
  let lastArrivalMs = nowMs()
  let pauseMs = 50

  return async (batch) => {
    const problems = await put(batch)
    const failed = batch.filter((_, index) => problems[index] !== null)
    for (const [index, entry] of batch.entries()) if (problems[index] === null) outbox.arrived(entry)
    if (failed.length < batch.length) {
      lastArrivalMs = nowMs()
      onArrived(batch.length - failed.length)
    }
    if (failed.length === 0) {
      pauseMs = 50
      return
    }
    const problem = problems.find((text) => text !== null) ?? 'unknown'
    if (nowMs() - lastArrivalMs > patienceMs)
      throw new ReplayFailure(`the stream has taken nothing for ${patienceMs / 1000} s: ${problem}`)
    await sleep(pauseMs * (0.5 + Math.random() / 2))
    pauseMs = Math.min(pauseMs * 2, longestPauseMs)
    for (const entry of failed) outbox.failed(entry)
  }
}
