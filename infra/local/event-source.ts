import { z } from 'zod'
import { createDelivery, type DeliveryOptions, type InvocationOutcome } from './delivery.ts'
import { failureRecord } from './failure-record.ts'
import { type Lambda, maxPayloadBytes } from './lambda.ts'
import { createMatcher } from './pattern.ts'
import type { RecordSource, SourceRecord } from './record-source.ts'
import { createFollower, type Follower } from './shard-follower.ts'
import type { State } from './state.ts'
import type { EventSourceResource, FunctionResource } from './system.ts'

export interface EventSourcePorts {
  mapping: EventSourceResource
  lambda: FunctionResource
  running: Lambda
  source: RecordSource
  state: State
  putObject(bucketArn: string, key: string, body: string): Promise<void>
  /** Called with what a function printed in an invocation that did not fail as a whole. */
  onPrinted(lines: string[]): void
  onError(error: unknown): void
}

const responseSchema = z
  .object({ batchItemFailures: z.array(z.object({ itemIdentifier: z.string() })).nullish() })
  .nullish()

/** Room for what surrounds the records in a payload. */
const envelopeBytes = 64

/** Feeds a function from a stream, as the event source mapping of the template says. */
export function createEventSource(ports: EventSourcePorts): Follower {
  const { mapping, source, state } = ports
  const options = deliveryOptions(mapping)
  const matches = createMatcher(
    mapping.properties.FilterCriteria?.Filters.map(({ Pattern }) => Pattern) ?? [],
  )
  return createFollower(source, {
    resumeAt: (shardId) => state.checkpoint(mapping.id, shardId),
    finishShard: (shardId) => state.finishShard(mapping.id, shardId),
    onError: ports.onError,
    openSink: (shardId) =>
      createDelivery(options, {
        matches: (record) => matches(record.matchable()),
        invoke: (records) => invoke(records, ports),
        checkpoint: (sequence) => state.saveCheckpoint(mapping.id, shardId, sequence),
        now: Date.now,
        async discard(discarded) {
          const destination = mapping.properties.DestinationConfig?.OnFailure.Destination
          if (!destination) return
          const { key, body } = failureRecord(discarded, {
            kind: mapping.properties.EventSourceArn.startsWith('arn:aws:kinesis:') ? 'kinesis' : 'dynamodb',
            functionArn: ports.lambda.arn,
            streamArn: mapping.properties.EventSourceArn,
            shardId,
            mappingId: mapping.id,
            now: new Date(),
          })
          await ports.putObject(destination, key, body)
        },
      }),
  })
}

async function invoke(records: SourceRecord[], ports: EventSourcePorts): Promise<InvocationOutcome> {
  const payload = `{"Records":[${records.map(({ json }) => json).join(',')}]}`
  const outcome = await ports.running.invoke(payload)
  if (outcome.kind === 'error') return outcome
  const partial = ports.mapping.properties.FunctionResponseTypes.includes('ReportBatchItemFailures')
  const response = partial ? responseSchema.safeParse(outcome.result) : undefined
  if (response && !response.success) return { kind: 'error', message: response.error.message }
  ports.onPrinted(outcome.printed)
  const failed = response?.data?.batchItemFailures?.map(({ itemIdentifier }) => itemIdentifier) ?? []
  return failed.length > 0 ? { kind: 'partial', failed } : { kind: 'done' }
}

function deliveryOptions({ properties }: EventSourceResource): DeliveryOptions {
  const maxAge = properties.MaximumRecordAgeInSeconds
  return {
    batchSize: properties.BatchSize,
    // Nobody who tries it out wants to wait for a buffer.
    windowMs: Math.min(properties.MaximumBatchingWindowInSeconds, 1) * 1000,
    parallelizationFactor: properties.ParallelizationFactor,
    bisect: properties.BisectBatchOnFunctionError,
    maxRetries: properties.MaximumRetryAttempts,
    maxAgeMs: maxAge < 0 ? -1 : maxAge * 1000,
    maxPayloadBytes: maxPayloadBytes - envelopeBytes,
    firstBackoffMs: 100,
  }
}
