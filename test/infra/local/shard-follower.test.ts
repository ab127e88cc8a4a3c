import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { createDelivery } from '../../../infra/local/delivery.ts'
import type { RecordSource, SourceRecord } from '../../../infra/local/record-source.ts'
import { createFollower, type Follower } from '../../../infra/local/shard-follower.ts'
import { openState, type State } from '../../../infra/local/state.ts'
import { countBehind } from '../../../infra/local/status.ts'
import { createMemorySource } from './memory-source.ts'

const opened: { close(): unknown }[] = []
afterEach(async () => {
  for (const each of opened.splice(0).reverse()) await each.close()
})

function newState() {
  const state = openState(mkdtempSync(join(tmpdir(), 'omnijourney-state-')))
  opened.push(state)
  return state
}

type Handle = (values: string[]) => Promise<void> | void

async function follow(source: RecordSource, handle: Handle, { state = newState(), name = 'reader' } = {}) {
  const follower = createFollower(source, {
    resumeAt: (shard) => state.checkpoint(name, shard),
    finishShard: (shard) => state.finishShard(name, shard),
    onError: () => undefined,
    openSink: (shard) => sinkFor(shard, handle, { state, name }),
  })
  await follower.start()
  opened.push({ close: () => follower.stop() })
  return follower
}

function sinkFor(shard: string, handle: Handle, { state, name }: { state: State; name: string }) {
  const options = { batchSize: 10, windowMs: 0, parallelizationFactor: 1, bisect: false, firstBackoffMs: 1 }
  return createDelivery(
    { ...options, maxRetries: -1, maxAgeMs: -1, maxPayloadBytes: 1e6 },
    {
      async invoke(records: SourceRecord[]) {
        await handle(records.map((record) => String(record.matchable())))
        return { kind: 'done' }
      },
      discard: () => Promise.resolve(),
      checkpoint: (sequence) => state.saveCheckpoint(name, shard, sequence),
      matches: () => true,
      now: Date.now,
    },
  )
}

const untilCaughtUp = (followers: Follower[]) =>
  vi.waitUntil(async () => (await countBehind(followers)) === 0, { timeout: 5_000, interval: 1 })

describe('following a source', () => {
  test('reads every shard', async () => {
    const { source, put } = createMemorySource(['a', 'b'])
    const seen: string[] = []
    const follower = await follow(source, (values) => void seen.push(...values))
    put('a', '1')
    put('b', '2')
    await untilCaughtUp([follower])
    expect(seen.toSorted()).toEqual(['1', '2'])
  })

  test('goes on after a restart where it was', async () => {
    const { source, put } = createMemorySource()
    const state = newState()
    const seen: string[] = []
    const first = await follow(source, (values) => void seen.push(...values), { state })
    put('a', '1')
    await untilCaughtUp([first])
    await first.stop()
    put('a', '2')
    const second = await follow(source, (values) => void seen.push(...values), { state })
    await untilCaughtUp([second])
    expect(seen).toEqual(['1', '2'])
  })

  test('reads the children of a split shard after all of it is done', async () => {
    const { source, put, split } = createMemorySource()
    const seen: string[] = []
    put('a', 'parent')
    split('a', 'b', 'c')
    put('b', 'child')
    const follower = await follow(source, async (values) => {
      if (values.includes('parent')) await delay(20)
      seen.push(...values)
    })
    await untilCaughtUp([follower])
    expect(seen).toEqual(['parent', 'child'])
  })

  test('tries again when a read fails', async () => {
    const { source, put } = createMemorySource()
    let failures = 0
    const flaky: RecordSource = {
      ...source,
      openShard(id, after) {
        const read = source.openShard(id, after)
        return () => (failures++ === 0 ? Promise.reject(new Error('down')) : read())
      },
    }
    put('a', '1')
    const seen: string[] = []
    const follower = await follow(flaky, (values) => void seen.push(...values))
    await untilCaughtUp([follower])
    expect(seen).toEqual(['1'])
  })
})

describe('behind', () => {
  test('counts what was fetched and is not done', async () => {
    const { source, put } = createMemorySource()
    const held = Promise.withResolvers<void>()
    const follower = await follow(source, () => held.promise)
    put('a', '1')
    put('a', '2')
    await vi.waitUntil(async () => (await countBehind([follower])) === 2, { interval: 1 })
    held.resolve()
    await untilCaughtUp([follower])
  })

  test('is 0 only when a whole chain has had its effect', async () => {
    const links = [createMemorySource(), createMemorySource(), createMemorySource()]
    const [first, second, third] = links
    if (!first || !second || !third) throw new Error('three links')
    const effects: string[] = []
    const passOn = (next: ReturnType<typeof createMemorySource>) => async (values: string[]) => {
      await delay(Math.random() * 8)
      for (const value of values) next.put('a', value)
    }
    const followers = [
      await follow(third.source, async (values) => {
        await delay(Math.random() * 8)
        effects.push(...values)
      }),
      await follow(second.source, passOn(third)),
      await follow(first.source, passOn(second)),
    ]
    for (let round = 1; round <= 30; round++) {
      first.put('a', String(round))
      await delay(Math.random() * 10)
      await untilCaughtUp(followers)
      expect(effects).toHaveLength(round)
    }
  })
})
