import { expect, test } from 'vitest'
import { createShardReader, type SourceRecord } from '../../../infra/local/record-source.ts'

const record = (sequence: number): SourceRecord => ({
  sequenceNumber: String(sequence),
  orderKey: 'k',
  arrivedAtMs: 0,
  json: '{}',
  matchable: () => undefined,
})

/** Answers as told, and notes from where it was read. */
function reader(answers: ({ records: number[]; next?: string } | 'lost' | 'down')[], after?: string) {
  const asked: string[] = []
  const read = createShardReader(
    {
      async iteratorAt(sequence) {
        return `after ${sequence ?? 'nothing'}`
      },
      async read(iterator) {
        asked.push(iterator)
        const answer = answers.shift() ?? 'down'
        if (typeof answer === 'string') throw new Error(answer)
        return { records: answer.records.map(record), next: answer.next }
      },
      isLost: (error) => error instanceof Error && error.message === 'lost',
    },
    after,
  )
  return { read, asked }
}

test('reads on from the next iterator, but stays after an empty read', async () => {
  const { read, asked } = reader([
    { records: [], next: 'n1' },
    { records: [1], next: 'n2' },
    { records: [], next: 'n3' },
    { records: [2], next: 'n4' },
  ])
  for (let at = 0; at < 4; at++) await read()
  expect(asked).toEqual(['after nothing', 'after nothing', 'n2', 'n2'])
})

test('opens a lost iterator anew where it was', async () => {
  const { read, asked } = reader([{ records: [7], next: 'n1' }, 'lost', { records: [8], next: 'n2' }])
  await read()
  expect((await read()).records.map(({ sequenceNumber }) => sequenceNumber)).toEqual(['8'])
  expect(asked).toEqual(['after nothing', 'n1', 'after 7'])
})

test('begins with the oldest record when its place is trimmed away', async () => {
  const { read, asked } = reader(['lost', 'lost', { records: [9], next: 'n' }], '3')
  expect((await read()).records).toHaveLength(1)
  expect(asked).toEqual(['after 3', 'after 3', 'after nothing'])
})

test('is not done with a shard before all of it was read', async () => {
  const { read } = reader([{ records: [1], next: 'n' }, { records: [2] }])
  expect([(await read()).closed, (await read()).closed]).toEqual([false, true])
})

test('passes on that the stream is down', async () => {
  await expect(reader(['down']).read()).rejects.toThrow('down')
})
