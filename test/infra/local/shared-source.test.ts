import { expect, test } from 'vitest'
import type { RecordSource } from '../../../infra/local/record-source.ts'
import { shareReads } from '../../../infra/local/shared-source.ts'
import { createMemorySource } from './memory-source.ts'

/** Counts how often the stream itself is read. */
function watched() {
  const stream = createMemorySource()
  let reads = 0
  const source: RecordSource = {
    listShards: () => stream.source.listShards(),
    openShard(shardId, after) {
      const read = stream.source.openShard(shardId, after)
      return () => {
        reads++
        return read()
      }
    },
  }
  return { put: stream.put, source: shareReads(source), reads: () => reads }
}

const valuesOf = async (read: ReturnType<RecordSource['openShard']>) =>
  (await read()).records.map(({ json }) => json)

test('what one has read is there for the other, also while it is still coming', async () => {
  const { put, source, reads } = watched()
  put('a', 'one')
  put('a', 'two')
  const [first, second, third] = [1, 2, 3].map(() => source.openShard('a', undefined))
  if (!first || !second || !third) throw new Error('three readers were opened')
  expect(await Promise.all([valuesOf(first), valuesOf(second)])).toEqual([
    ['"one"', '"two"'],
    ['"one"', '"two"'],
  ])
  put('a', 'three')
  expect(await valuesOf(second)).toEqual(['"three"'])
  expect(await valuesOf(first)).toEqual(['"three"'])
  expect(await valuesOf(third)).toEqual(['"one"', '"two"'])
  expect(await valuesOf(third)).toEqual(['"three"'])
  expect(reads()).toBe(2)
})

test('that there is nothing, each finds out by itself: what came in between is read', async () => {
  const { put, source } = watched()
  const [first, second] = [source.openShard('a', undefined), source.openShard('a', undefined)]
  expect(await valuesOf(first)).toEqual([])
  put('a', 'one')
  expect(await valuesOf(second)).toEqual(['"one"'])
  expect(await valuesOf(first)).toEqual(['"one"'])
})

test('a reader that is far behind or begins anywhere misses nothing and gets nothing twice', async () => {
  const { put, source } = watched()
  const ahead = source.openShard('a', undefined)
  for (let value = 0; value < 40; value++) {
    put('a', String(value))
    await ahead()
  }
  const behind = source.openShard('a', undefined)
  const seen: string[] = []
  for (let some = await valuesOf(behind); some.length > 0; some = await valuesOf(behind)) seen.push(...some)
  expect(seen).toEqual(Array.from({ length: 40 }, (_, value) => JSON.stringify(String(value))))
  const late = source.openShard('a', '39')
  expect([...(await valuesOf(late)), ...(await valuesOf(late))]).toEqual(['"39"'])
})
