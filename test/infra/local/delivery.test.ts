import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  createDelivery,
  type DeliveryOptions,
  type Discarded,
  type InvocationOutcome,
} from '../../../infra/local/delivery.ts'
import type { SourceRecord } from '../../../infra/local/record-source.ts'

const defaults: DeliveryOptions = {
  batchSize: 100,
  windowMs: 0,
  parallelizationFactor: 1,
  bisect: false,
  maxRetries: -1,
  maxAgeMs: -1,
  maxPayloadBytes: 1000,
  firstBackoffMs: 1,
}

const record = (sequence: number, changes: Partial<SourceRecord> = {}): SourceRecord => ({
  sequenceNumber: String(sequence),
  orderKey: 'key',
  arrivedAtMs: Date.now(),
  json: '{}',
  matchable: () => sequence,
  ...changes,
})

const records = (count: number) => Array.from({ length: count }, (_, at) => record(at + 1))

type Invoke = (sequences: number[], call: number) => InvocationOutcome | Promise<InvocationOutcome>

const done: InvocationOutcome = { kind: 'done' }
const failed: InvocationOutcome = { kind: 'error', message: 'no' }

/** Delivers to a function that answers as told, and writes down what happened. */
function deliver(options: Partial<DeliveryOptions>, invoke: Invoke, matches = (_: unknown) => true) {
  const batches: number[][] = []
  const checkpoints: string[] = []
  const discarded: Discarded[] = []
  const delivery = createDelivery(
    { ...defaults, ...options },
    {
      async invoke(given) {
        const sequences = given.map(({ sequenceNumber }) => Number(sequenceNumber))
        batches.push(sequences)
        return invoke(sequences, batches.length)
      },
      async discard(what) {
        discarded.push(what)
      },
      checkpoint: (sequence) => checkpoints.push(sequence),
      matches: (given) => matches(given.matchable()),
      now: Date.now,
    },
  )
  return { delivery, batches, checkpoints, discarded }
}

describe('delivery of a shard', () => {
  test('keeps order and batch size', async () => {
    const { delivery, batches, checkpoints } = deliver({ batchSize: 2 }, () => done)
    delivery.accept(records(5))
    await delivery.drained()
    expect(batches).toEqual([[1, 2], [3, 4], [5]])
    expect(checkpoints).toEqual(['2', '4', '5'])
    expect(delivery.pending()).toBe(0)
  })

  test('goes on from the lowest failed record', async () => {
    const { delivery, batches, checkpoints } = deliver({}, (_, call) =>
      call === 1 ? { kind: 'partial', failed: ['4', '3'] } : done,
    )
    delivery.accept(records(5))
    await delivery.drained()
    expect(batches).toEqual([
      [1, 2, 3, 4, 5],
      [3, 4, 5],
    ])
    expect(checkpoints).toEqual(['2', '5'])
  })

  test('takes an unknown failed record for a failure of the whole batch', async () => {
    const { delivery, batches } = deliver({}, (_, call) =>
      call === 1 ? { kind: 'partial', failed: ['99'] } : done,
    )
    delivery.accept(records(2))
    await delivery.drained()
    expect(batches).toEqual([
      [1, 2],
      [1, 2],
    ])
  })

  test('splits a batch that throws until the bad record is alone, and gives that up', async () => {
    const { delivery, batches, discarded, checkpoints } = deliver(
      { bisect: true, maxRetries: 1 },
      (sequences) => (sequences.includes(3) ? failed : done),
    )
    delivery.accept(records(4))
    await delivery.drained()
    expect(batches).toEqual([[1, 2, 3, 4], [1, 2], [3, 4], [3], [3], [4]])
    expect(discarded).toMatchObject([{ condition: 'RetryAttemptsExhausted', invocations: 2 }])
    expect(discarded[0]?.records.map(({ sequenceNumber }) => sequenceNumber)).toEqual(['3'])
    expect(checkpoints).toEqual(['2', '3', '4'])
  })

  test('without bisect gives up the whole batch', async () => {
    const { delivery, discarded } = deliver({ maxRetries: 0 }, () => failed)
    delivery.accept(records(3))
    await delivery.drained()
    expect(discarded.map(({ records: given }) => given.length)).toEqual([3])
  })

  test('tries without limit, and nothing overtakes meanwhile', async () => {
    const { delivery, batches } = deliver({ batchSize: 1 }, (_, call) => (call < 4 ? failed : done))
    delivery.accept(records(2))
    await delivery.drained()
    expect(batches).toEqual([[1], [1], [1], [1], [2]])
  })

  test('waits for the window, but not for longer than the batch takes to fill', async () => {
    const { delivery, batches } = deliver({ batchSize: 3, windowMs: 60 }, () => done)
    delivery.accept([record(1)])
    await new Promise((resolve) => setTimeout(resolve, 20))
    expect(batches).toEqual([])
    delivery.accept([record(2), record(3), record(4)])
    await new Promise((resolve) => setTimeout(resolve, 10))
    expect(batches).toEqual([[1, 2, 3]])
    await delivery.drained()
    expect(batches).toEqual([[1, 2, 3], [4]])
  })

  test('keeps a batch below the limit of a payload', async () => {
    const { delivery, batches } = deliver({ maxPayloadBytes: 100 }, () => done)
    const big = (sequence: number, length: number) => record(sequence, { json: 'x'.repeat(length) })
    delivery.accept([big(1, 60), big(2, 60), big(3, 30), big(4, 500), big(5, 1)])
    await delivery.drained()
    expect(batches).toEqual([[1], [2, 3], [4], [5]])
  })

  test('passes over what the filter does not want, once all before it is done', async () => {
    const held = Promise.withResolvers<InvocationOutcome>()
    const { delivery, batches, checkpoints } = deliver(
      {},
      () => held.promise,
      (sequence) => sequence === 2,
    )
    delivery.accept(records(3))
    await new Promise((resolve) => setTimeout(resolve, 5))
    expect(checkpoints).toEqual(['1'])
    held.resolve(done)
    await delivery.drained()
    expect(batches).toEqual([[2]])
    expect(checkpoints).toEqual(['1', '3'])
  })

  test('gives up what is too old', async () => {
    const { delivery, batches, discarded } = deliver({ maxAgeMs: 60_000 }, () => done)
    delivery.accept([record(1, { arrivedAtMs: Date.now() - 120_000 }), record(2)])
    await delivery.drained()
    expect(batches).toEqual([[2]])
    expect(discarded).toMatchObject([{ condition: 'MaximumRecordAgeExceeded' }])
  })

  test('runs keys in parallel, each in order, and no checkpoint passes what is not done', async () => {
    const held = Promise.withResolvers<InvocationOutcome>()
    const { delivery, batches, checkpoints } = deliver(
      { parallelizationFactor: 8, batchSize: 1 },
      ([sequence]) => (sequence === 1 ? held.promise : done),
    )
    delivery.accept([
      record(1, { orderKey: 'a' }),
      record(2, { orderKey: 'b' }),
      record(3, { orderKey: 'a' }),
    ])
    await new Promise((resolve) => setTimeout(resolve, 10))
    expect(batches).toEqual([[1], [2]])
    expect(checkpoints).toEqual([])
    held.resolve(done)
    await delivery.drained()
    expect(batches).toEqual([[1], [2], [3]])
    expect(checkpoints).toEqual(['2', '3'])
  })

  test('stops without taking another batch', async () => {
    const held = Promise.withResolvers<InvocationOutcome>()
    const { delivery, batches, checkpoints } = deliver({ batchSize: 1 }, () => held.promise)
    delivery.accept(records(2))
    await new Promise((resolve) => setTimeout(resolve, 5))
    const stopped = delivery.stop()
    held.resolve(done)
    await stopped
    expect(batches).toEqual([[1]])
    expect(checkpoints).toEqual(['1'])
  })

  test('delivers everything, per key in order, whatever fails', async () => {
    const failure = fc.constantFrom('done', 'partial', 'error')
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.constantFrom('a', 'b', 'c', 'd'), { minLength: 1, maxLength: 30 }),
        fc.array(failure, { maxLength: 6 }),
        fc.integer({ min: 1, max: 4 }),
        fc.integer({ min: 1, max: 5 }),
        async (keys, failures, parallelizationFactor, batchSize) => {
          const handled: number[] = []
          const { delivery, checkpoints } = deliver(
            { parallelizationFactor, batchSize, bisect: true },
            (sequences, call) => {
              const outcome = failures[call - 1] ?? 'done'
              if (outcome === 'error') return failed
              const at = outcome === 'partial' ? sequences.length - 1 : sequences.length
              handled.push(...sequences.slice(0, at))
              return outcome === 'partial' ? { kind: 'partial', failed: [String(sequences[at])] } : done
            },
          )
          delivery.accept(keys.map((orderKey, at) => record(at + 1, { orderKey })))
          await delivery.drained()
          expect(handled.toSorted((a, b) => a - b)).toEqual(keys.map((_, at) => at + 1))
          for (const key of new Set(keys)) {
            const ofKey = handled.filter((sequence) => keys[sequence - 1] === key)
            expect(ofKey).toEqual(ofKey.toSorted((a, b) => a - b))
          }
          expect(checkpoints.at(-1)).toBe(String(keys.length))
        },
      ),
      { numRuns: 25 },
    )
  })
})
