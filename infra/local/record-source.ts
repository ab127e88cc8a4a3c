/** One record of a stream or of a table's stream. */
export interface SourceRecord {
  sequenceNumber: string
  /** Records with the same one are handled in order, whatever runs in parallel. */
  orderKey: string
  arrivedAtMs: number
  /** The record as the function gets it, in JSON. */
  json: string
  /** What event patterns are matched against. */
  matchable: () => unknown
}

export interface Shard {
  id: string
  /** A shard is read only after the one that it was split from. */
  parentId: string | undefined
}

export interface ReadResult {
  records: SourceRecord[]
  /** Nothing will ever follow in this shard. */
  closed: boolean
}

export interface RecordSource {
  listShards(): Promise<Shard[]>
  /** Reads on from after a sequence number, or from the oldest record. */
  openShard(shardId: string, after: string | undefined): () => Promise<ReadResult>
}

/** What an emulator's iterator and read calls have in common, for both kinds of stream. */
export interface ShardCalls {
  iteratorAt(after: string | undefined): Promise<string>
  read(iterator: string): Promise<{ records: SourceRecord[]; next: string | undefined }>
  /** The iterator is of no use any more; one from the same place may be. */
  isLost(error: unknown): boolean
}

export function createShardReader(calls: ShardCalls, after: string | undefined) {
  let last = after
  let iterator: string | undefined

  async function readOn(): Promise<ReadResult> {
    iterator ??= await calls.iteratorAt(last)
    const { records, next } = await calls.read(iterator)
    last = records.at(-1)?.sequenceNumber ?? last
    // After an empty read the old iterator stays: the next one begins at the clock's now, and would pass
    // over a record that was numbered before it but is still being written.
    if (records.length > 0) iterator = next
    return { records, closed: next === undefined }
  }

  return async (): Promise<ReadResult> => {
    try {
      return await readOn()
    } catch (error) {
      if (!calls.isLost(error)) throw error
    }
    iterator = undefined
    try {
      return await readOn()
    } catch (error) {
      if (!calls.isLost(error)) throw error
    }
    // Even the place itself has been trimmed away; all that is left comes after it.
    iterator = await calls.iteratorAt(undefined)
    return readOn()
  }
}
