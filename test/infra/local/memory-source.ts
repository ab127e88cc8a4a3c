import type { ReadResult, RecordSource, SourceRecord } from '../../../infra/local/record-source.ts'

/** A stream in memory, of shards that can be split. */
export function createMemorySource(initial: string[] = ['a']) {
  const shards = new Map<string, { parentId: string | undefined; records: SourceRecord[]; closed: boolean }>()
  let sequence = 0
  const open = (id: string, parentId?: string) => shards.set(id, { parentId, records: [], closed: false })
  for (const id of initial) open(id)

  const source: RecordSource = {
    async listShards() {
      return [...shards].map(([id, { parentId }]) => ({ id, parentId }))
    },
    openShard(shardId, after) {
      let position = after
      return async (): Promise<ReadResult> => {
        await Promise.resolve()
        const shard = shards.get(shardId)
        const start = shard?.records.findIndex(({ sequenceNumber }) => sequenceNumber === position) ?? -1
        const records = shard?.records.slice(start + 1) ?? []
        position = records.at(-1)?.sequenceNumber ?? position
        return { records, closed: shard?.closed ?? false }
      }
    },
  }
  return {
    source,
    put(shardId: string, value: string) {
      const record: SourceRecord = {
        sequenceNumber: String(++sequence),
        orderKey: value,
        arrivedAtMs: Date.now(),
        json: JSON.stringify(value),
        matchable: () => value,
      }
      shards.get(shardId)?.records.push(record)
    },
    split(shardId: string, ...children: string[]) {
      for (const child of children) open(child, shardId)
      const shard = shards.get(shardId)
      if (shard) shard.closed = true
    },
  }
}
