import type { ReadResult, RecordSource } from './record-source.ts'

/** Readers of one stream that are close together need not read it each for themselves. */
const keptReads = 16

/**
 * What one reader has read is given to the others that stand at the same place. That there is nothing is no news to
 * them: each asks for itself, so that after an empty read its shard was empty when it asked.
 */
export function shareReads(source: RecordSource): RecordSource {
  const reads = new Map<string, Promise<ReadResult>>()

  function keep(place: string, read: Promise<ReadResult>) {
    reads.set(place, read)
    const [oldest] = reads.keys()
    if (reads.size > keptReads && oldest !== undefined) reads.delete(oldest)
    const forget = () => {
      if (reads.get(place) === read) reads.delete(place)
    }
    read.then(({ records }) => records.length === 0 && forget(), forget)
  }

  return {
    listShards: () => source.listShards(),
    openShard(shardId, after) {
      let last = after
      let own = { read: source.openShard(shardId, after), at: after }

      async function readOn(): Promise<ReadResult> {
        const place = `${shardId} ${last ?? ''}`
        const others = reads.get(place)?.catch(() => undefined)
        const known = others && (await others)
        if (known && known.records.length > 0) return known
        if (own.at !== last) own = { read: source.openShard(shardId, last), at: last }
        const read = own.read()
        keep(place, read)
        const result = await read
        own.at = result.records.at(-1)?.sequenceNumber ?? last
        return result
      }

      return async () => {
        const result = await readOn()
        last = result.records.at(-1)?.sequenceNumber ?? last
        return result
      }
    },
  }
}
