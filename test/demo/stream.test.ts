import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { streamDemo } from '../../infra/demo/stream.ts'
import { createProgress, type Progress } from '../../infra/replay/progress.ts'
import { startSystem } from '../scenario/local-system.ts'

let system: Awaited<ReturnType<typeof startSystem>>
beforeAll(async () => {
  system = await startSystem()
}, 90_000)
afterAll(() => system?.close())

const silent = createProgress({ write: () => true }, () => 0)

async function stream({
  perSecond = 5_000,
  progress = silent,
  signal = new AbortController().signal,
}: {
  perSecond?: number
  progress?: Progress
  signal?: AbortSignal
} = {}) {
  const said: string[] = []
  await streamDemo({
    endpoints: system.endpoints,
    directory: system.directory,
    perSecond,
    now: new Date('2026-09-30T18:00:00Z'),
    size: { customers: 80, days: 30 },
    progress,
    say: (text) => said.push(text),
    signal,
  })
  return said
}

/** The customers that a report names: why, and where. */
function customersIn(report: string) {
  return [...report.matchAll(/^ {2}(\S.*)\n {4}\w+ \S+\n {4}(http\S+)$/gm)].map(([, why = '', url = '']) => ({
    why,
    path: url.slice(system.endpoints.api.length),
  }))
}

function counted(report: string, what: string): number {
  return Number(new RegExp(`^${what} +(\\d+)$`, 'm').exec(report)?.[1])
}

const journeySchema = z.object({ patterns: z.array(z.string()), channels: z.array(z.string()) })
const identitySchema = z.object({
  identifiers: z.array(z.object({ type: z.string(), status: z.string() })),
  refusals: z.array(z.object({ type: z.string() })),
})

async function traitsOf(path: string): Promise<string[]> {
  if (path.endsWith('/journeys')) {
    const journeys = await system.list(path, journeySchema)
    return journeys.flatMap(({ patterns, channels }) => [...patterns, ...channels])
  }
  const { identifiers, refusals } = identitySchema.parse((await system.get(path)).body)
  const shared = [...identifiers.filter(({ status }) => status === 'shared'), ...refusals]
  return shared.map(({ type }) => `shared ${type}`)
}

describe('the demo', { timeout: 60_000 }, () => {
  let customers: ReturnType<typeof customersIn>

  it('ends quietly when it is stopped in the midst', async () => {
    const stop = new AbortController()
    const progress = { ...silent, sending: () => stop.abort() }
    const said = await stream({ perSecond: 20, progress, signal: stop.signal })
    expect(said).toEqual([expect.stringContaining('named at the end')])
  })

  it('goes through as it should, on top of what was sent before', async () => {
    const [announcement = '', report = ''] = await stream()
    const events = Number(/^The demo: (\d+) events/.exec(announcement)?.[1])
    expect(announcement).toContain('2026-09-01 to 2026-09-30')
    expect(counted(report, 'sent')).toBe(events)
    expect(counted(report, 'accepted')).toBeGreaterThan(800)
    expect(counted(report, 'accepted') + counted(report, 'duplicate')).toBe(events)
    expect(counted(report, 'quarantined')).toBe(0)
    customers = customersIn(report)
  })

  it('names customers of whom the API shows what it says', async () => {
    const shown = await Promise.all(
      customers.map(async ({ why, path }): Promise<[string, string[]]> => [why, await traitsOf(path)]),
    )
    const expected: [string, string][] = [
      ['shares a tablet with others of the household', 'shared cookie_id'],
      ['looked online, bought in the store', 'webroomer'],
      ['ordered online, picked up in the store by a till that knows only the order', 'click_and_collect'],
      ['ordered by phone', 'call_center'],
      ['introduced themselves to a kiosk that many others use', 'kiosk'],
    ]
    expect(shown).toEqual(expected.map(([why, trait]) => [why, expect.arrayContaining([trait])]))
  })

  it('is all duplicates the next time', async () => {
    const [, report = ''] = await stream()
    expect(counted(report, 'accepted')).toBe(0)
    expect(counted(report, 'duplicate')).toBe(counted(report, 'sent'))
    expect(customersIn(report)).toEqual(customers)
  })
})
