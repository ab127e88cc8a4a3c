import { describe, expect, it } from 'vitest'
import type { JourneyEvent } from '../../functions/journey/journey-event.ts'
import { createGate, type Fault } from '../identity/gate.ts'
import { createTellingWorld, namesOf, type Sent, type TellingWorld } from './telling-world.ts'
import { at } from './touches.ts'

const search = (id: string, time: string, name = 'customer_id:c-1'): Sent => ({
  id,
  time,
  type: 'search',
  by: [name],
})
const minuteMs = 60_000
const faults = (['no', 'half', 'yes'] as const).flatMap((done) =>
  (['throttled', 'time-out', 'death'] as const).map((meets): Fault => ({ done, meets })),
)

/** Each event once: told again under the same id it must be the same. */
function distinct(told: readonly JourneyEvent[]): JourneyEvent[] {
  const byId = new Map<string, JourneyEvent>()
  for (const event of told) {
    expect(event).toEqual(byId.get(event.detail.id) ?? event)
    byId.set(event.detail.id, event)
  }
  return [...byId.values()]
}

/** Does it by a client of which one request meets the fault: dead or not, it comes to an end. */
async function disturbed(
  { store, consumer }: TellingWorld,
  mishap: { fault: Fault; index: number },
  work: (deps: ReturnType<TellingWorld['consumer']>) => Promise<unknown>,
) {
  const gate = createGate(store.client('disturbed'), mishap)
  const done = work(consumer(gate.client)).catch((error: unknown) => {
    if (!(error instanceof Error) || !/Timeout|Throttling|Throughput/.test(error.name)) throw error
  })
  await Promise.race([done, gate.died])
  return { isOver: gate.requests.length <= mishap.index }
}

/** What is told of these names in the end, whatever stopped before. */
async function toldInTheEnd(world: TellingWorld) {
  for (const time of [at(1), at(31), at(60)]) {
    world.clock.set(time)
    await world.ring()
  }
  expect(world.timers()).toEqual([])
  return distinct(world.told())
}

describe('a silence', () => {
  it.each(faults)('is not lost when setting its timer meets $meets, done: $done', async (fault) => {
    for (let index = 0; ; index++) {
      const world = createTellingWorld({ now: at(0), journeyEvents: ['QuietTime', 'JourneyAbandoned'] })
      await world.send(search('1', at(0)))
      const news = world.news()
      const { isOver } = await disturbed(world, { fault, index }, (deps) => world.keep(news, deps))
      await world.keep(news)
      expect(namesOf(await toldInTheEnd(world)), `request ${index}`).toEqual([
        'QuietTime',
        'JourneyAbandoned',
      ])
      if (isOver) return
    }
  })

  it.each(faults)('is told of once when that meets $meets, done: $done', async (fault) => {
    for (let index = 0; ; index++) {
      const world = createTellingWorld({ now: at(0), journeyEvents: ['QuietTime', 'JourneyAbandoned'] })
      const persons = ['customer_id:c-1', 'customer_id:c-2', 'customer_id:c-3']
      await world.send(...persons.map((name) => search(name, at(0), name)))
      await world.keep()
      await world.send(search('again', at(0, 3 * minuteMs)))
      await world.keep()
      let over = 0
      for (const time of [at(0, 121 * minuteMs), at(0, 130 * minuteMs), at(31)]) {
        world.clock.set(time)
        const { isOver } = await disturbed(world, { fault, index }, (deps) => world.ring(deps))
        if (isOver) over++
        await world.ring()
      }
      const told = await toldInTheEnd(world)
      expect(namesOf(told).sort(), `request ${index}`).toEqual([
        ...Array.from({ length: 3 }, () => 'JourneyAbandoned'),
        ...Array.from({ length: 3 }, () => 'QuietTime'),
      ])
      if (over === 3) return
    }
  })

  it('is told of once by two who look at the same time', async () => {
    const world = createTellingWorld({ now: at(0), journeyEvents: ['JourneyAbandoned'] })
    const persons = Array.from({ length: 30 }, (_, at) => `customer_id:c-${at}`)
    await world.send(...persons.map((name) => search(name, at(0), name)))
    await world.keep()
    world.clock.set(at(31))
    await Promise.all([world.ring(), world.ring()])
    expect(world.told()).toHaveLength(30)
    expect(await toldInTheEnd(world)).toEqual([])
  })
})

describe('a touchpoint that is folded while timers are looked at', () => {
  /** Somebody whose journey had ended, but whose timer goes off while the next journey is about to be written. */
  it('is not left without a timer', async () => {
    const world = createTellingWorld({ now: at(0), journeyEvents: ['QuietTime'] })
    await world.send(search('1', at(0)))
    await world.keep()
    await world.send({ ...search('2', at(0, minuteMs)), type: 'purchase' })
    await world.keep()
    await world.send(search('3', at(0, 118 * minuteMs)))
    world.clock.set(at(0, 118 * minuteMs))
    const gate = createGate(world.store.client('slow'))
    const hold = gate.hold({ kind: 'any', about: 'SET v=?' })
    const slow = world.keep(world.news(), world.consumer(gate.client))
    await hold.arrived
    world.clock.set(at(0, 121 * minuteMs))
    await world.ring()
    hold.release()
    await slow
    expect(await toldInTheEnd(world)).toMatchObject([{ detail: { since: at(0, 118 * minuteMs) } }])
  })

  it('is not left without a timer by one that is due before it is written', async () => {
    const world = createTellingWorld({ now: at(0, 119 * minuteMs), journeyEvents: ['QuietTime'] })
    await world.send(search('1', at(0)))
    const gate = createGate(world.store.client('slow'))
    const hold = gate.hold({ kind: 'any', about: "'v':?" })
    const slow = world.keep(world.news(), world.consumer(gate.client))
    await hold.arrived
    world.clock.set(at(0, 120 * minuteMs))
    await world.ring()
    hold.release()
    await slow
    expect(namesOf(await toldInTheEnd(world))).toEqual(['QuietTime'])
  })

  it('is what counts when it comes before what its timer is about to tell', async () => {
    const world = createTellingWorld({ now: at(0), journeyEvents: ['QuietTime'] })
    await world.send(search('1', at(0)))
    await world.keep()
    world.clock.set(at(0, 120 * minuteMs))
    const gate = createGate(world.store.client('slow'))
    const hold = gate.hold({ kind: 'any', about: 'SET v=?' })
    const slow = world.ring(world.consumer(gate.client))
    await hold.arrived
    await world.send(search('2', at(0, 119 * minuteMs)))
    await world.keep()
    hold.release()
    expect(await slow).toBe(0)
    expect(await toldInTheEnd(world)).toMatchObject([{ detail: { since: at(0, 119 * minuteMs) } }])
  })
})
