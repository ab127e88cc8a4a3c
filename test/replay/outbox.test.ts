import { expect, it } from 'vitest'
import { createOutbox } from '../../infra/replay/outbox.ts'

function entry(key: string, text = key) {
  return { key, data: Buffer.from(text) }
}

function taken(outbox: ReturnType<typeof createOutbox>) {
  return outbox.take().map(({ data }) => Buffer.from(data).toString())
}

it('takes one entry of each key, and the next only when that has arrived', () => {
  const outbox = createOutbox()
  const first = entry('a', 'a1')
  for (const one of [first, entry('a', 'a2'), entry('b')]) outbox.add(one)
  expect(taken(outbox)).toEqual(['a1', 'b'])
  expect(taken(outbox)).toEqual([])
  outbox.arrived(first)
  expect(taken(outbox)).toEqual(['a2'])
})

it('sends a failed entry before the others of its key, also those added meanwhile', () => {
  const outbox = createOutbox()
  const first = entry('a', 'a1')
  outbox.add(first)
  outbox.add(entry('a', 'a2'))
  expect(taken(outbox)).toEqual(['a1'])
  outbox.add(entry('a', 'a3'))
  outbox.failed(first)
  expect(taken(outbox)).toEqual(['a1'])
  outbox.arrived(first)
  expect(taken(outbox)).toEqual(['a2'])
})

it('takes at most 500 entries and 5 MiB', () => {
  const outbox = createOutbox()
  for (let index = 0; index < 600; index++) outbox.add(entry(`${index}`))
  expect([outbox.take().length, outbox.take().length, outbox.waitingEntries()]).toEqual([500, 100, 0])
  for (let index = 0; index < 12; index++) outbox.add(entry(`big${index}`, 'x'.repeat(1_000_000)))
  expect([outbox.take().length, outbox.take().length, outbox.take().length]).toEqual([5, 5, 2])
  expect([outbox.waitingEntries(), outbox.waitingBytes()]).toEqual([0, 0])
})
