import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createTellingWorld, namesOf, type Sent } from './telling-world.ts'
import { at, dayMs } from './touches.ts'

const by = ['email:ann@example.org']
const minuteMs = 60_000
const hourMs = 60 * minuteMs
/** A thousandth of 30 days: so much late it may be told that a journey was given up. */
const lateMs = 43 * minuteMs

let made = 0
const sent = (ms: number, type = 'search', fields: Partial<Sent> = {}): Sent => ({
  id: String(++made),
  time: at(0, ms),
  type,
  by,
  ...fields,
})

/** Somebody whose touchpoints are heard of a second after they happen. */
function createVisitor(options: Parameters<typeof createTellingWorld>[0] = {}) {
  const world = createTellingWorld({ now: at(0), ...options })
  const until = async (ms: number) => {
    world.clock.set(at(0, ms))
    await world.ring()
    return world.told()
  }
  const visit = async (...events: Sent[]) => {
    await world.send(...events)
    world.clock.set(new Date(Date.parse(events.at(-1)?.time ?? at(0)) + 1000).toISOString())
    await world.keep()
    return world.told()
  }
  return { ...world, visit, until }
}

const goneQuiet = async (options?: Parameters<typeof createTellingWorld>[0]) => {
  const visitor = createVisitor(options)
  await visitor.visit(sent(0))
  return visitor
}

describe('somebody who falls silent', () => {
  it('is told of as quiet, then as having given up, with all that was left behind', async () => {
    const { visit, until, timers, checkpoints } = createVisitor()
    const campaign = { id: 'spring' }
    const cart = [{ sku: 'CUP', quantity: 2 }]
    await visit(
      sent(0, 'email_click', { channel: 'email', campaign }),
      sent(hourMs, 'add_to_cart', { items: cart }),
    )
    const { personId = '', state } = checkpoints()[0] ?? {}
    const common = {
      ...{ id: expect.any(String), personId, journeyId: state?.running?.journeyId, startedAt: at(0) },
      ...{ phase: 'decision', lastTouch: { channel: 'web', campaignId: null }, cart },
    }
    expect(await until(3 * hourMs)).toEqual([
      {
        name: 'QuietTime',
        detail: { ...common, at: at(0, 3 * hourMs), since: at(0, hourMs), quietMinutes: 120 },
      },
    ])
    const channels = ['email', 'web']
    expect(await until(31 * dayMs)).toEqual([
      {
        name: 'JourneyAbandoned',
        detail: { ...common, at: at(30, hourMs), endedAt: at(0, hourMs), channels, touchpointCount: 2 },
      },
    ])
    expect(timers()).toEqual([])
    expect(await until(100 * dayMs)).toEqual([])
  })

  it('is told of in time: not before, and no later than timers are apart', async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat({ max: 3 * dayMs }), fc.nat({ max: 30_000 }), async (start, heardAfter) => {
        const { send, keep, told, clock, until } = createVisitor()
        await send(sent(start))
        clock.set(at(0, start + heardAfter))
        await keep()
        told()
        const quiet = start + 2 * hourMs
        const abandoned = start + 30 * dayMs + 1
        expect(await until(quiet - 1)).toEqual([])
        expect(namesOf(await until(quiet + minuteMs))).toEqual(['QuietTime'])
        expect(await until(abandoned - 1)).toEqual([])
        expect(namesOf(await until(abandoned + lateMs))).toEqual(['JourneyAbandoned'])
      }),
      { numRuns: 60 },
    )
  })

  it('has not given up in the very moment until which another touchpoint would go on with it', async () => {
    const moment = Math.ceil(Date.parse(at(30)) / lateMs) * lateMs - Date.parse(at(0))
    const { visit, until } = createVisitor({ journeyEvents: ['JourneyAbandoned'] })
    await visit(sent(moment - 30 * dayMs))
    expect(await until(moment)).toEqual([])
    await visit(sent(moment))
    expect(await until(moment + lateMs)).toEqual([])
  })

  it('is told of as having given up only, when nobody looked before', async () => {
    const { until } = await goneQuiet()
    expect(namesOf(await until(40 * dayMs))).toEqual(['JourneyAbandoned'])
    expect(await until(80 * dayMs)).toEqual([])
  })

  it('and comes back is told of by the silence after that', async () => {
    const { visit, until } = await goneQuiet()
    await visit(sent(hourMs))
    expect(await until(2 * hourMs + minuteMs)).toEqual([])
    expect(await until(3 * hourMs)).toMatchObject([{ name: 'QuietTime', detail: { since: at(0, hourMs) } }])
    await visit(sent(dayMs))
    expect(await until(dayMs + 2 * hourMs)).toMatchObject([{ name: 'QuietTime', detail: { since: at(1) } }])
    expect(await until(30 * dayMs + 2 * hourMs)).toEqual([])
    expect(await until(31 * dayMs + lateMs)).toMatchObject([
      { name: 'JourneyAbandoned', detail: { endedAt: at(1), touchpointCount: 3 } },
    ])
  })

  it.each(['email_sent', 'ad_impression', 'login', 'no_such_type'])(
    'has not come back by %s',
    async (type) => {
      const { visit, until } = await goneQuiet()
      await visit(sent(hourMs, type))
      expect(await until(2 * hourMs)).toMatchObject([{ name: 'QuietTime', detail: { since: at(0) } }])
      await visit(sent(10 * dayMs, type))
      expect(await until(11 * dayMs)).toEqual([])
      expect(await until(30 * dayMs + lateMs)).toMatchObject([
        { name: 'JourneyAbandoned', detail: { endedAt: at(0), touchpointCount: 3 } },
      ])
    },
  )

  it('after buying is not told of, and leaves no timers', async () => {
    const { visit, until, timers } = await goneQuiet()
    await visit(sent(hourMs, 'purchase'))
    await visit(sent(dayMs, 'complaint'))
    expect(await until(90 * dayMs)).toEqual([])
    expect(timers()).toEqual([])
  })

  it('is told of anew when what came late shows that it was not silence', async () => {
    const { send, keep, until } = await goneQuiet({ journeyEvents: ['JourneyAbandoned'] })
    expect(await until(31 * dayMs)).toMatchObject([{ detail: { endedAt: at(0) } }])
    await send(sent(5 * dayMs))
    await keep()
    expect(await until(35 * dayMs)).toEqual([])
    expect(await until(35 * dayMs + lateMs)).toMatchObject([{ detail: { endedAt: at(5) } }])
  })
})

describe('a journey given up', () => {
  it('is told of by its timer or by the next touchpoint, not by both', async () => {
    const byTimer = await goneQuiet()
    expect(namesOf(await byTimer.until(31 * dayMs))).toEqual(['JourneyAbandoned'])
    expect(namesOf(await byTimer.visit(sent(32 * dayMs)))).toEqual(['JourneyStarted', 'PhaseEntered'])
    const byTouch = await goneQuiet({ journeyEvents: ['JourneyAbandoned'] })
    expect(namesOf(await byTouch.visit(sent(30 * dayMs + 1)))).toEqual(['JourneyAbandoned'])
    expect(await byTouch.until(31 * dayMs)).toEqual([])
  })

  it('is told of by a touchpoint that belongs to no journey, too', async () => {
    const { visit, until } = await goneQuiet({ journeyEvents: ['JourneyAbandoned'] })
    expect(namesOf(await visit(sent(30 * dayMs + 1, 'login')))).toEqual(['JourneyAbandoned'])
    expect(await until(90 * dayMs)).toEqual([])
  })
})

describe('history that lies back', () => {
  it('is told of after half an hour', async () => {
    const { send, keep, told, until } = createVisitor({ now: at(100) })
    await send(sent(0))
    await keep()
    told()
    expect(await until(100 * dayMs + 30 * minuteMs - 1)).toEqual([])
    expect(namesOf(await until(100 * dayMs + 31 * minuteMs))).toEqual(['JourneyAbandoned'])
  })

  it('is not told of as silent where it goes on within that time', async () => {
    const { send, keep, told, until } = createVisitor({ now: at(100) })
    for (const [step, day] of [0, 20, 45].entries()) {
      await send(sent(day * dayMs))
      await keep()
      told()
      expect(await until(100 * dayMs + step * 10 * minuteMs)).toEqual([])
    }
    expect(await until(100 * dayMs + 31 * minuteMs)).toMatchObject([{ detail: { endedAt: at(45) } }])
  })
})
