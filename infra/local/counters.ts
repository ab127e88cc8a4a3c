import { z } from 'zod'
import type { ShardSink } from './delivery.ts'
import type { RecordSource, SourceRecord } from './record-source.ts'
import { createFollower, type Follower } from './shard-follower.ts'
import type { Counter, State } from './state.ts'

const reader = 'counters'

const insertSchema = z.object({
  eventName: z.literal('INSERT'),
  dynamodb: z.object({
    Keys: z.object({ pk: z.object({ S: z.string() }), sk: z.object({ S: z.string() }) }),
  }),
})

const metricSchema = z.looseObject({ _aws: z.unknown(), duplicate: z.number() })

/**
 * Counts what became of the touchpoints, from the stream of their table: each record once, because the
 * counter and the place in the stream change together.
 */
export function createCounters(
  source: RecordSource,
  state: State,
  onError: (error: unknown) => void,
): Follower {
  return createFollower(source, {
    resumeAt: (shardId) => state.checkpoint(reader, shardId),
    finishShard: (shardId) => state.finishShard(reader, shardId),
    openSink: (shardId) => countingSink(shardId, state),
    onError,
  })
}

function countingSink(shardId: string, state: State): ShardSink {
  return {
    accept(records) {
      const last = records.at(-1)
      if (!last) return
      const kinds = records.map(kindOf)
      state.atomically(() => {
        state.count('accepted', kinds.filter((kind) => kind === 'accepted').length)
        state.count('quarantined', kinds.filter((kind) => kind === 'quarantined').length)
        state.saveCheckpoint(reader, shardId, last.sequenceNumber)
      })
    },
    pending: () => 0,
    drained: () => Promise.resolve(),
    stop: () => Promise.resolve(),
  }
}

function kindOf(record: SourceRecord): Counter | undefined {
  const parsed = insertSchema.safeParse(record.matchable())
  if (!parsed.success) return undefined
  const { pk, sk } = parsed.data.dynamodb.Keys
  if (pk.S.startsWith('Q#')) return 'quarantined'
  const isTouchpoint = (pk.S.startsWith('N#') || pk.S.startsWith('X#')) && sk.S.startsWith('T#')
  return isTouchpoint ? 'accepted' : undefined
}

/** The duplicates that a function reports among the metrics it prints (CloudWatch embedded metric format). */
export function countDuplicates(printed: string[]) {
  return printed.reduce((sum, line) => sum + duplicatesIn(line), 0)
}

function duplicatesIn(line: string) {
  if (!line.startsWith('{') || !line.includes('"_aws"')) return 0
  const parsed = metricSchema.safeParse(parseLine(line))
  return parsed.success ? parsed.data.duplicate : 0
}

function parseLine(line: string): unknown {
  try {
    return JSON.parse(line)
  } catch {
    return undefined
  }
}
