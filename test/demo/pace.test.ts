import fc from 'fast-check'
import { expect, it } from 'vitest'
import { pace } from '../../infra/demo/pace.ts'

/** A clock that only moves when someone sleeps or works. */
function madeUpClock() {
  let time = 5_000
  const pass = (ms: number) => {
    time += ms
  }
  return { nowMs: () => time, pass, sleep: async (ms: number) => pass(ms) }
}

const numbers = (count: number) => Array.from({ length: count }, (_, at) => at)

async function paced(count: number, perSecond: number, workMs: (lot: number) => number = () => 0) {
  const { nowMs, sleep, pass } = madeUpClock()
  const startedMs = nowMs()
  const lots: { atMs: number; items: readonly number[] }[] = []
  for await (const items of pace(numbers(count), { perSecond, nowMs, sleep })) {
    lots.push({ atMs: nowMs() - startedMs, items })
    pass(workMs(lots.length))
  }
  return lots
}

it('hands out all, in order, none before it is due and as much as is due', async () => {
  const work = fc.infiniteStream(fc.integer({ min: 0, max: 900 }))
  await fc.assert(
    fc.asyncProperty(fc.nat(300), fc.integer({ min: 1, max: 10_000 }), work, async (count, rate, takes) => {
      const lots = await paced(count, rate, () => takes.next().value)
      expect(lots.flatMap(({ items }) => items)).toEqual(numbers(count))
      let handedOut = 0
      for (const { atMs, items } of lots) {
        handedOut += items.length
        const due = (atMs * rate) / 1000
        expect(handedOut).toBeLessThan(due + 0.001)
        expect(handedOut).toBeGreaterThan(Math.min(count, due) - 1)
      }
    }),
  )
})

it('hands out ten times a second', async () => {
  const lots = await paced(250, 100)
  expect(lots.map(({ atMs }) => atMs)).toEqual(numbers(25).map((at) => (at + 1) * 100))
  expect(new Set(lots.map(({ items }) => items.length))).toEqual(new Set([10]))
})

it('waits a second for each at the lowest rate', async () => {
  const lots = await paced(3, 1)
  expect(lots).toEqual([
    { atMs: 1_000, items: [0] },
    { atMs: 2_000, items: [1] },
    { atMs: 3_000, items: [2] },
  ])
})

it('catches up after work that took long', async () => {
  const lots = await paced(400, 100, (lot) => (lot === 1 ? 2_000 : 0))
  expect(lots.slice(0, 3).map(({ atMs, items }) => [atMs, items.length])).toEqual([
    [100, 10],
    [2_100, 200],
    [2_200, 10],
  ])
  expect(lots.at(-1)?.atMs).toBe(4_000)
})

it('asks again when a timer was early', async () => {
  const { nowMs, pass } = madeUpClock()
  const sleep = async (ms: number) => pass(Math.max(1, ms - 3))
  const handedOut: number[] = []
  for await (const items of pace(numbers(20), { perSecond: 100, nowMs, sleep })) handedOut.push(items.length)
  expect(handedOut).toEqual([10, 10])
})
