import { type Entry, entryBytes } from './entry.ts'

const maxBatchEntries = 500
const maxBatchBytes = 5 * 1024 * 1024

export type Outbox = ReturnType<typeof createOutbox>

/**
 * Entries that wait to be sent, by key. Of each key at most one is under way: the records of one
 * PutRecords request may fail one by one, and a later one must not get ahead of one that failed.
 */
export function createOutbox() {
  const ready = new Map<string, Entry[]>()
  const underWay = new Map<string, Entry[]>()
  let waitingEntries = 0
  let waitingBytes = 0

  function count(entry: Entry, sign: 1 | -1) {
    waitingEntries += sign
    waitingBytes += sign * entryBytes(entry)
  }

  return {
    readyKeys: () => ready.size,
    waitingEntries: () => waitingEntries,
    waitingBytes: () => waitingBytes,

    add(entry: Entry) {
      count(entry, 1)
      const queue = underWay.get(entry.key) ?? ready.get(entry.key)
      if (queue === undefined) ready.set(entry.key, [entry])
      else queue.push(entry)
    },

    /** As much as one request may hold; empty if every key that waits is under way. */
    take(): Entry[] {
      const batch: Entry[] = []
      let bytes = 0
      for (const [key, queue] of ready) {
        const [entry] = queue
        if (entry === undefined) continue
        bytes += entryBytes(entry)
        if (batch.length === maxBatchEntries || bytes > maxBatchBytes) break
        queue.shift()
        count(entry, -1)
        ready.delete(key)
        underWay.set(key, queue)
        batch.push(entry)
      }
      return batch
    },

    /** The entry has arrived: the next of its key may go. */
    arrived({ key }: Entry) {
      const queue = underWay.get(key) ?? []
      underWay.delete(key)
      if (queue.length > 0) ready.set(key, queue)
    },

    /** The entry did not arrive: it goes again before all others of its key. */
    failed(entry: Entry) {
      count(entry, 1)
      ready.set(entry.key, [entry, ...(underWay.get(entry.key) ?? [])])
      underWay.delete(entry.key)
    },
  }
}
