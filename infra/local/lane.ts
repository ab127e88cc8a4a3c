import { setTimeout as delay } from 'node:timers/promises'
import type { DeliveryOptions, DeliveryPorts } from './delivery.ts'
import type { SourceRecord } from './record-source.ts'

interface LanePorts extends Omit<DeliveryPorts, 'checkpoint' | 'matches'> {
  finish(records: SourceRecord[]): void
  signal: AbortSignal
}

/** A batch, or what is left of one, and how often it has failed. */
interface Attempt {
  records: SourceRecord[]
  failures: number
}

export interface Lane {
  add(record: SourceRecord): void
  /** Resolves when nothing is queued or running, or after a stop. */
  idle(): Promise<void>
}

const longestBackoffMs = 5_000

/** Batches in order, one at a time, each retried until it is done or given up. */
export function createLane(options: DeliveryOptions, ports: LanePorts): Lane {
  const queue: SourceRecord[] = []
  const { signal } = ports
  let running: Promise<void> | undefined
  let arrival = Promise.withResolvers<void>()

  async function run() {
    // Records that arrive in one go belong into one batch.
    await Promise.resolve()
    while (queue.length > 0 && !signal.aborted) {
      await fillWindow()
      if (signal.aborted) return
      await deliver(queue.splice(0, batchLength(queue, options)))
    }
  }

  async function fillWindow() {
    const closesAt = ports.now() + options.windowMs
    while (queue.length < options.batchSize && batchLength(queue, options) === queue.length) {
      const left = closesAt - ports.now()
      if (left <= 0 || signal.aborted) return
      await Promise.race([arrival.promise, pause(left, signal)])
    }
  }

  async function deliver(records: SourceRecord[]) {
    const attempts: Attempt[] = [{ records, failures: 0 }]
    for (let attempt = attempts.pop(); attempt && !signal.aborted; attempt = attempts.pop()) {
      const fresh = await withoutExpired(attempt)
      if (fresh.records.length > 0) attempts.push(...(await tryOnce(fresh)))
    }
  }

  /** Gives back what is to be tried next, the first of it last. */
  async function tryOnce({ records, failures }: Attempt): Promise<Attempt[]> {
    const outcome = await ports.invoke(records)
    if (outcome.kind === 'done') {
      ports.finish(records)
      return []
    }
    if (outcome.kind === 'partial') {
      const first = firstFailed(records, outcome.failed)
      if (first > 0) {
        ports.finish(records.slice(0, first))
        return again({ records: records.slice(first), failures: 1 })
      }
      return again({ records, failures: failures + 1 })
    }
    if (options.bisect && records.length > 1) {
      // Splitting does not count against the retries (AWS Lambda, "Configuring error handling controls").
      const middle = Math.ceil(records.length / 2)
      return [
        { records: records.slice(middle), failures },
        { records: records.slice(0, middle), failures },
      ]
    }
    return again({ records, failures: failures + 1 })
  }

  async function again(attempt: Attempt): Promise<Attempt[]> {
    const { records, failures } = attempt
    if (options.maxRetries >= 0 && failures > options.maxRetries) {
      await ports.discard({ records, condition: 'RetryAttemptsExhausted', invocations: failures })
      ports.finish(records)
      return []
    }
    await pause(Math.min(options.firstBackoffMs * 2 ** (failures - 1), longestBackoffMs), signal)
    return [attempt]
  }

  async function withoutExpired({ records, failures }: Attempt): Promise<Attempt> {
    if (options.maxAgeMs < 0) return { records, failures }
    const oldest = ports.now() - options.maxAgeMs
    const expired = records.filter(({ arrivedAtMs }) => arrivedAtMs < oldest)
    if (expired.length > 0) {
      await ports.discard({ records: expired, condition: 'MaximumRecordAgeExceeded', invocations: failures })
      ports.finish(expired)
    }
    return { records: records.filter((record) => !expired.includes(record)), failures }
  }

  function start() {
    running ??= run().finally(() => {
      running = undefined
      if (queue.length > 0 && !signal.aborted) start()
    })
  }

  return {
    add(record) {
      queue.push(record)
      arrival.resolve()
      arrival = Promise.withResolvers()
      start()
    },
    async idle() {
      while (running) await running
    },
  }
}

/** How many records at the head fit one invocation; at least one, which then fails by itself. */
function batchLength(queue: SourceRecord[], { batchSize, maxPayloadBytes }: DeliveryOptions) {
  let bytes = 0
  let length = 0
  for (const { json } of queue.slice(0, batchSize)) {
    bytes += Buffer.byteLength(json) + 1
    if (length > 0 && bytes > maxPayloadBytes) break
    length++
  }
  return length
}

/** An id that is not in the batch fails all of it, as on AWS. */
function firstFailed(records: SourceRecord[], failed: string[]) {
  const positions = failed.map((id) => records.findIndex(({ sequenceNumber }) => sequenceNumber === id))
  return positions.includes(-1) ? 0 : Math.min(...positions)
}

async function pause(milliseconds: number, signal: AbortSignal) {
  await delay(milliseconds, undefined, { signal }).catch(() => undefined)
}
