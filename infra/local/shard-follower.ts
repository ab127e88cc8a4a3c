import { setTimeout as delay } from 'node:timers/promises'
import type { ShardSink } from './delivery.ts'
import type { RecordSource, Shard } from './record-source.ts'

export interface FollowerPorts {
  resumeAt(shardId: string): { after: string | undefined; finished: boolean }
  finishShard(shardId: string): void
  openSink(shardId: string): ShardSink
  onError(error: unknown): void
}

/** Something that handles records and can be asked whether any are left. */
export interface Follower {
  start(): Promise<void>
  /** Records that were fetched and are not done. */
  pending(): number
  /** Grows with every record fetched; unchanged, nothing happened. */
  activity(): number
  /** Whether each shard could be read by a request begun after this call. */
  lookAgain(): Promise<boolean>
  stop(): Promise<void>
}

const idleMs = 50
const longIdleMs = 100
const longIdleAfter = 100
const prefetchedRecords = 2_000
const afterErrorMs = 500
const relistMs = 5_000
const lookAgainMs = 5_000

/** Reads all shards of a source, a split shard's children after it. */
export function createFollower(source: RecordSource, ports: FollowerPorts): Follower {
  const stopping = new AbortController()
  const { signal } = stopping
  const following = new Map<string, { sink: ShardSink; ended: Promise<void> }>()
  let activity = 0
  let changingShards = 0
  let wake = Promise.withResolvers<void>()
  let relisting: NodeJS.Timeout | undefined
  const rounds = new Map<string, { begun: number; ended: number }>()

  async function listShards() {
    changingShards++
    try {
      const shards = await source.listShards()
      for (const shard of shards) if (isDue(shard, shards)) follow(shard.id)
    } finally {
      changingShards--
    }
  }

  function isDue({ id, parentId }: Shard, listed: Shard[]) {
    if (following.has(id) || ports.resumeAt(id).finished || signal.aborted) return false
    const parent = listed.find((shard) => shard.id === parentId)
    return !parent || ports.resumeAt(parent.id).finished
  }

  function follow(shardId: string) {
    const sink = ports.openSink(shardId)
    rounds.set(shardId, { begun: 0, ended: 0 })
    const ended = readShard(shardId, sink).catch(ports.onError)
    following.set(shardId, { sink, ended })
  }

  async function readShard(shardId: string, sink: ShardSink) {
    const read = source.openShard(shardId, ports.resumeAt(shardId).after)
    let emptyReads = 0
    while (!signal.aborted) {
      if (sink.pending() >= prefetchedRecords) {
        await delay(10)
        continue
      }
      const { records, closed, failed } = await readOnce(shardId, read)
      if (failed) continue
      activity += records.length
      sink.accept(records)
      settle(shardId)
      if (closed) return await handOver(shardId, sink)
      emptyReads = records.length > 0 ? 0 : emptyReads + 1
      if (emptyReads > 0) await idle(emptyReads > longIdleAfter ? longIdleMs : idleMs)
    }
  }

  async function readOnce(shardId: string, read: ReturnType<RecordSource['openShard']>) {
    const round = rounds.get(shardId)
    if (round) round.begun++
    try {
      return { ...(await read()), failed: false }
    } catch (error) {
      if (!signal.aborted) {
        ports.onError(error)
        await idle(afterErrorMs)
      }
      return { records: [], closed: false, failed: true }
    }
  }

  function settle(shardId: string) {
    const round = rounds.get(shardId)
    if (round) round.ended = round.begun
  }

  async function handOver(shardId: string, sink: ShardSink) {
    changingShards++
    // Its children are unread: who asked before must ask again.
    activity++
    try {
      await sink.drained()
      if (signal.aborted) return
      ports.finishShard(shardId)
      following.delete(shardId)
      rounds.delete(shardId)
      await listShards()
    } finally {
      changingShards--
    }
  }

  async function idle(milliseconds: number) {
    const pause = delay(milliseconds, undefined, { signal, ref: false }).catch(() => undefined)
    await Promise.race([pause, wake.promise])
  }

  return {
    async start() {
      await listShards()
      relisting = setInterval(() => listShards().catch(ports.onError), relistMs)
      relisting.unref()
    },
    pending: () =>
      changingShards + [...following.values()].reduce((sum, { sink }) => sum + sink.pending(), 0),
    activity: () => activity,
    async lookAgain() {
      const wanted = [...rounds].map(([shardId, { begun }]) => ({ shardId, round: begun + 1 }))
      wake.resolve()
      wake = Promise.withResolvers()
      const isDone = () =>
        wanted.every(({ shardId, round }) => (rounds.get(shardId)?.ended ?? round) >= round)
      const givesUpAt = Date.now() + lookAgainMs
      while (!isDone() && !signal.aborted && Date.now() < givesUpAt) await delay(2)
      return isDone()
    },
    async stop() {
      clearInterval(relisting)
      stopping.abort()
      wake.resolve()
      await Promise.all([...following.values()].flatMap(({ sink, ended }) => [sink.stop(), ended]))
    },
  }
}
