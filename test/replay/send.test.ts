import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { settingsSchema } from '../../functions/runtime/settings.ts'
import { createEntryMaker, type Entry, maxEntryBytes } from '../../infra/replay/entry.ts'
import { ReplayFailure } from '../../infra/replay/failure.ts'
import { type PutBatch, sendAll } from '../../infra/replay/send.ts'

async function* each(entries: readonly Entry[]) {
  yield* entries
}

/** A clock that only moves when someone sleeps. */
function options(put: PutBatch) {
  let time = 0
  const arrived: number[] = []
  return {
    arrived,
    put,
    onArrived: (count: number) => arrived.push(count),
    nowMs: () => time,
    sleep: async (ms: number) => {
      time += ms
      await Promise.resolve()
    },
  }
}

describe('sending', () => {
  it('keeps the order of every key, whichever records fail', async () => {
    const keys = fc.array(fc.constantFrom('a', 'b', 'c', 'd'), { maxLength: 60 })
    await fc.assert(
      fc.asyncProperty(keys, fc.infiniteStream(fc.boolean()), async (sequence, failures) => {
        const entries = sequence.map((key, index) => ({ key, data: Buffer.from(`${index}`) }))
        const stream: Entry[] = []
        const put: PutBatch = async (batch) => {
          await Promise.resolve()
          return batch.map((entry) => {
            if (failures.next().value) return 'ProvisionedThroughputExceededException'
            stream.push(entry)
            return null
          })
        }
        const sending = options(put)
        await sendAll(each(entries), sending)
        for (const key of 'abcd') {
          const inOrder = entries.filter((entry) => entry.key === key)
          expect(stream.filter((entry) => entry.key === key)).toEqual(inOrder)
        }
        expect(sending.arrived.reduce((sum, count) => sum + count, 0)).toBe(entries.length)
      }),
      { numRuns: 200 },
    )
  })

  it('sends full batches, a few at a time', async () => {
    const sizes: number[] = []
    let running = 0
    let most = 0
    const put: PutBatch = async (batch) => {
      sizes.push(batch.length)
      most = Math.max(most, ++running)
      await new Promise((resolve) => setTimeout(resolve, 1))
      running--
      return batch.map(() => null)
    }
    const entries = Array.from({ length: 12_345 }, (_, index) => ({
      key: `${index}`,
      data: Buffer.from('x'),
    }))
    await sendAll(each(entries), options(put))
    expect(sizes).toHaveLength(25)
    expect(Math.max(...sizes)).toBe(500)
    expect(most).toBe(4)
  })

  it('gives up on a stream that takes nothing for a minute', async () => {
    const put: PutBatch = async (batch) => batch.map(() => 'ProvisionedThroughputExceededException')
    const sent = sendAll(each([{ key: 'a', data: Buffer.from('x') }]), options(put))
    await expect(sent).rejects.toThrow('has taken nothing for 60 s: ProvisionedThroughputExceededException')
  })

  it('ends with what ended the file, or the stream', async () => {
    async function* broken(): AsyncGenerator<Entry> {
      yield { key: 'a', data: Buffer.from('x') }
      throw new ReplayFailure('cut off')
    }
    await expect(
      sendAll(
        broken(),
        options(async () => [null]),
      ),
    ).rejects.toThrow('cut off')
    const refuses: PutBatch = () => Promise.reject(new ReplayFailure('no stream'))
    await expect(sendAll(each([{ key: 'a', data: Buffer.from('x') }]), options(refuses))).rejects.toThrow(
      'no stream',
    )
  })
})

describe('an entry', () => {
  const settings = settingsSchema.parse({})
  const now = () => new Date('2026-11-22T12:00:00Z')
  const toEntry = createEntryMaker(settings, { now, fixedKey: undefined })
  const event = { id: '1', source: 's', time: '2026-11-22T10:00:00Z', channel: 'web', type: 'x' }
  const identifiers = [{ type: 'email', value: 'Ada@Example.org' }]

  it('has the key of its first identifier, in either encoding', () => {
    const { id, source, time, type, channel } = event
    const cloudEvent = {
      specversion: '1.0',
      id: `${id}2`,
      source,
      time,
      type,
      data: { channel, identifiers },
    }
    const native = toEntry(Buffer.from(JSON.stringify({ ...event, identifiers })))
    expect(toEntry(Buffer.from(JSON.stringify(cloudEvent))).key).toBe(native.key)
    expect(toEntry(Buffer.from(JSON.stringify(event))).key).not.toBe(native.key)
  })

  it('is what was read, even if broken, with a key of its own', () => {
    const broken = Buffer.from([0x7b, 0xff])
    expect(toEntry(broken)).toEqual({ data: broken, key: expect.stringMatching(/^[\w-]{43}$/) })
    expect(toEntry(broken).key).not.toBe(toEntry(Buffer.from('{')).key)
  })

  it('has the one key of a file that is sent in order', () => {
    const ordered = createEntryMaker(settings, { now, fixedKey: 'replay' })
    expect(ordered(Buffer.from('{')).key).toBe('replay')
  })

  it('is packed if Kinesis would not take it otherwise', () => {
    const { data } = toEntry(Buffer.alloc(3 * maxEntryBytes, 0x20))
    expect(data.byteLength).toBeLessThan(maxEntryBytes)
    expect([data[0], data[1]]).toEqual([0x1f, 0x8b])
  })
})
