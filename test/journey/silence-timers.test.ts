import { describe, expect, it } from 'vitest'
import { defaultJourneyEvents, journeyEventNames } from '../../functions/journey/journey-event-names.ts'
import { retail } from '../../functions/journey/model.ts'
import { tellOfSilence } from '../../functions/journey/silence.ts'
import { createSchedule } from '../simulation/schedule.ts'
import { createTellingWorld, namesOf, type Sent, type TellingWorld } from './telling-world.ts'
import { at, dayMs } from './touches.ts'
import { travel } from './travel.ts'

const search = (name: string, time = at(0)): Sent => ({ id: name, time, type: 'search', by: [name] })
const names = (count: number) => Array.from({ length: count }, (_, index) => `customer_id:c-${index}`)

async function until({ clock, ring, told }: TellingWorld, time: string) {
  clock.set(time)
  await ring()
  return told()
}

/** These persons, each with one search at the same time, heard of in one batch. */
async function searching(count: number, options?: Parameters<typeof createTellingWorld>[0]) {
  const world = createTellingWorld({ now: at(0), ...options })
  await world.send(...names(count).map((name) => search(name)))
  await world.keep()
  world.told()
  return world
}

describe('timers', () => {
  it('are not set when no silence is to be told of', async () => {
    const journeyEvents = journeyEventNames.filter((name) => !/QuietTime|JourneyAbandoned/.test(name))
    const world = await searching(3, { journeyEvents })
    expect(world.timers()).toEqual([])
    expect(await until(world, at(100))).toEqual([])
  })

  it('are for what is to be told of only', async () => {
    const quiet = await searching(1, { journeyEvents: ['QuietTime'] })
    expect(namesOf(await until(quiet, at(1)))).toEqual(['QuietTime'])
    expect(quiet.timers()).toEqual([])
    const usual = await searching(1, { journeyEvents: defaultJourneyEvents })
    expect(await until(usual, at(30))).toEqual([])
    expect(namesOf(await until(usual, at(31)))).toEqual(['JourneyAbandoned'])
    expect(usual.timers()).toEqual([])
  })

  it('are shared by the persons of a batch: one item, and one request, for up to 200', async () => {
    const writes = ({ store }: TellingWorld) =>
      store.log.filter(({ worker, command }) => worker === 'journey' && command === 'BatchExecuteStatement')
        .length
    const without = await searching(100, { journeyEvents: [] })
    const usual = await searching(100, { journeyEvents: defaultJourneyEvents })
    expect(usual.timers()).toHaveLength(1)
    expect(writes(usual)).toBe(writes(without) + 1)
    expect(await until(usual, at(31))).toHaveLength(100)
    const many = await searching(450, { journeyEvents: defaultJourneyEvents })
    expect(many.timers()).toHaveLength(3)
    expect(await until(many, at(31))).toHaveLength(450)
  })

  it('are not set again while one is pending', async () => {
    const world = await searching(1, { journeyEvents: defaultJourneyEvents })
    for (let day = 1; day < 30; day++) {
      world.clock.set(at(day))
      await world.send({ ...search('customer_id:c-0', at(day)), id: `day ${day}` })
      await world.keep()
    }
    expect(world.timers()).toHaveLength(1)
    world.told()
    expect(await until(world, at(31))).toEqual([])
    expect(world.timers()).toHaveLength(1)
    expect(await until(world, at(60))).toHaveLength(1)
    expect(world.timers()).toEqual([])
  })

  it('cost eight queries when none is due, however many there are', async () => {
    const world = createTellingWorld({ now: at(0) })
    const { timers } = world.consumer()
    const personIds = names(10_000)
    await timers.set(
      personIds.map((personId, minute) => ({ minute: 10_000_000_000 + minute, personIds: [personId] })),
    )
    expect(world.timers()).toHaveLength(10_000)
    const before = world.store.log.length
    await world.ring()
    expect(
      world.store.log.slice(before).map(({ command, units }) => [command, units.journeys?.read]),
    ).toEqual(Array.from({ length: 8 }, () => ['Query', expect.closeTo(1)]))
  })

  it('that there was no time for are left for the next time', async () => {
    const world = createTellingWorld({ now: at(0), journeyEvents: ['JourneyAbandoned'] })
    for (const name of names(250)) {
      await world.send(search(name))
      await world.keep()
    }
    expect(world.timers()).toHaveLength(250)
    world.clock.set(at(31))
    const counts: number[] = []
    while (world.timers().length > 0 && counts.length < 100)
      counts.push(await tellOfSilence(world.consumer(), () => false))
    expect(counts.length).toBeGreaterThan(8)
    expect(counts.reduce((sum, count) => sum + count)).toBe(250)
    expect(new Set(world.told().map(({ detail }) => detail.personId)).size).toBe(250)
  })

  it('look at what is stored, not at what a replica still says', async () => {
    const schedule = createSchedule({ seed: 1, faults: { stale: 1 }, faultLimit: 1000 })
    const world = await searching(1, { admission: schedule })
    world.clock.set(at(1))
    await schedule.run({ ring: () => world.ring().then(() => undefined) })
    expect(namesOf(world.told())).toEqual(['QuietTime'])
  })
})

describe('journeys folded by other rules', () => {
  const own = { model: travel, currency: 'EUR' }

  it('are not told of until they are folded anew', async () => {
    const world = await searching(1, { journeyEvents: ['JourneyAbandoned'] })
    const renewed = () => ({ ...world.consumer(), rules: own })
    world.clock.set(at(100))
    await world.ring(renewed())
    expect(world.told()).toEqual([])
    await world.keep([{ nodeId: world.checkpoints()[0]?.personId ?? '', touches: [] }], renewed())
    world.clock.set(at(101))
    await world.ring(renewed())
    expect(world.told()).toMatchObject([{ detail: { at: at(90), phase: 'planning' } }])
  })

  it('keep a timer that one of the deployment before finds due', async () => {
    const world = await searching(1, { rules: own })
    world.clock.set(at(1))
    await world.ring({ ...world.consumer(), rules: { model: retail, currency: 'EUR' } })
    expect(namesOf(await until(world, at(2)))).toEqual(['QuietTime'])
  })
})

describe('a time for being quiet that is longer than that for giving up', () => {
  it('does not put off what is told of those who have given up', async () => {
    const world = await searching(1, { quietMinutes: (60 * dayMs) / 60_000 })
    expect(namesOf(await until(world, at(31)))).toEqual(['JourneyAbandoned'])
  })
})
