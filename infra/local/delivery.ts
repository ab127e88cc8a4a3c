import { setTimeout as delay } from 'node:timers/promises'
import { createLane, type Lane } from './lane.ts'
import type { SourceRecord } from './record-source.ts'

export interface DeliveryOptions {
  batchSize: number
  windowMs: number
  parallelizationFactor: number
  bisect: boolean
  /** -1: no limit. */
  maxRetries: number
  /** -1: no limit. */
  maxAgeMs: number
  maxPayloadBytes: number
  /** Before the first retry; doubled with each that follows. */
  firstBackoffMs: number
}

export type InvocationOutcome =
  | { kind: 'done' }
  /** Everything before the lowest of these sequence numbers is done. */
  | { kind: 'partial'; failed: string[] }
  | { kind: 'error'; message: string }

export interface Discarded {
  records: SourceRecord[]
  condition: 'RetryAttemptsExhausted' | 'MaximumRecordAgeExceeded'
  invocations: number
}

export interface DeliveryPorts {
  invoke(records: SourceRecord[]): Promise<InvocationOutcome>
  discard(discarded: Discarded): Promise<void>
  /** Everything in the shard up to this sequence number is done. */
  checkpoint(sequenceNumber: string): void
  matches(record: SourceRecord): boolean
  now(): number
}

/** What takes the records of one shard. */
export interface ShardSink {
  accept(records: SourceRecord[]): void
  pending(): number
  /** Resolves when all that was accepted is done, or delivery stopped. */
  drained(): Promise<void>
  /** Takes no further batch; resolves when the running ones have ended. */
  stop(): Promise<void>
}

/**
 * Lambda's way with one shard: lanes of records in order, one invocation at a time per lane, and a
 * checkpoint that never passes a record that is not done.
 */
export function createDelivery(options: DeliveryOptions, ports: DeliveryPorts): ShardSink {
  const stopping = new AbortController()
  const inOrder: { sequenceNumber: string; done: boolean }[] = []
  const entries = new Map<SourceRecord, { sequenceNumber: string; done: boolean }>()
  const lanes: Lane[] = Array.from({ length: options.parallelizationFactor }, () =>
    createLane(options, { ...ports, finish, signal: stopping.signal }),
  )

  function finish(records: SourceRecord[]) {
    for (const record of records) {
      const entry = entries.get(record)
      if (entry) entry.done = true
      entries.delete(record)
    }
    advance()
  }

  function advance() {
    let reached = 0
    while (inOrder[reached]?.done) reached++
    const last = inOrder.splice(0, reached).at(-1)
    if (last) ports.checkpoint(last.sequenceNumber)
  }

  return {
    accept(records) {
      for (const record of records) {
        const wanted = ports.matches(record)
        const entry = { sequenceNumber: record.sequenceNumber, done: !wanted }
        inOrder.push(entry)
        if (!wanted) continue
        entries.set(record, entry)
        lanes[hash(record.orderKey) % lanes.length]?.add(record)
      }
      advance()
    },
    pending: () => inOrder.length,
    async drained() {
      while (inOrder.length > 0 && !stopping.signal.aborted) {
        await Promise.all(lanes.map((lane) => lane.idle()))
        // A lane whose window is open is idle for a moment.
        if (inOrder.length > 0) await delay(5)
      }
    },
    async stop() {
      stopping.abort()
      await Promise.all(lanes.map((lane) => lane.idle()))
    },
  }
}

/** FNV-1a, so that a key keeps its lane across restarts. */
function hash(text: string) {
  let value = 0x811c9dc5
  for (let at = 0; at < text.length; at++) {
    value = Math.imul(value ^ text.charCodeAt(at), 0x01000193)
  }
  return value >>> 0
}
