import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { createDemoWorld } from '../../infra/demo/demo-world.ts'

let directory: string
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'omnijourney-demo-'))
})
afterEach(() => rmSync(directory, { recursive: true }))

const worldAt = (now: string) => createDemoWorld(directory, { now: new Date(now), size: undefined })
const hourMs = 60 * 60_000

it('is a quarter that ends in the last hours, and nothing of it is still to come', () => {
  const now = Date.parse('2026-11-21T18:30:00Z')
  const { events, worthLookingAt } = worldAt('2026-11-21T18:30:00Z')
  const times = events.map(({ time }) => Date.parse(time))
  const [first, last] = [Math.min(...times), Math.max(...times)]
  expect(new Date(first).toISOString().slice(0, 10)).toBe('2026-08-24')
  expect(last).toBeLessThanOrEqual(now)
  expect(now - last).toBeLessThan(3 * hourMs)
  expect(events.length).toBeGreaterThan(8_000)
  expect(events.length).toBeLessThan(9_000)
  expect(worthLookingAt).toHaveLength(10)
})

it('tells the same again, and what has happened since, for a month', () => {
  const sent = new Set<string>()
  const sizes = ['2026-11-21T09:00:00Z', '2026-11-21T19:00:00Z', '2026-12-05T12:00:00Z'].map((now) => {
    const events = worldAt(now).events.map((event) => JSON.stringify(event))
    const told = new Set(events)
    expect([...sent].filter((event) => !told.has(event))).toEqual([])
    for (const event of events) sent.add(event)
    return sent.size
  })
  expect(sizes).toEqual([...new Set(sizes)].sort((a, b) => a - b))
  expect(worldAt('2027-04-01T12:00:00Z').events).toEqual(worldAt('2027-05-01T12:00:00Z').events)
})

it('begins on another day where there is no state', () => {
  const { events } = worldAt('2026-11-21T09:00:00Z')
  rmSync(join(directory, 'demo.json'))
  expect(worldAt('2026-11-22T09:00:00Z').events[0]).not.toEqual(events[0])
})

it('does not guess when it began', () => {
  writeFileSync(join(directory, 'demo.json'), '{}')
  expect(() => worldAt('2026-11-21T09:00:00Z')).toThrow('demo.json does not name the first day of the demo')
})
