import { describe, expect, it } from 'vitest'
import type { JourneyEvent } from '../../functions/journey/journey-event.ts'
import { operatorOf, personIdsOf } from './telling-operator.ts'
import { createTellingWorld } from './telling-world.ts'
import { at } from './touches.ts'

const email = 'email:ann@example.org'
const loyalty = 'loyalty_id:L-1'

/** Two persons with a search each, and what is told of them as abandoned. */
async function twoPersons(firstAt: string, secondAt: string) {
  const world = createTellingWorld({ now: secondAt, journeyEvents: ['JourneyAbandoned'] })
  await world.send({ id: '1', time: firstAt, type: 'search', by: [email] })
  await world.send({ id: '2', time: secondAt, type: 'search', by: [loyalty] })
  await world.keep()
  const [a = '', b = ''] = personIdsOf(world)
  const until = async (time: string) => {
    world.clock.set(time)
    await world.ring()
    return world.told()
  }
  return { ...world, a, b, until, operator: operatorOf(world) }
}

const personIdsIn = (told: readonly JourneyEvent[]) => told.map(({ detail }) => detail.personId).sort()

describe('persons who are part of another one', () => {
  it('are not told of as silent, and are again when they are freed', async () => {
    const { operator, keep, timers, until, a, b } = await twoPersons(at(0), at(0, 1))
    const { mergeId } = await operator.merge(a, b)
    await keep()
    expect(await until(at(31))).toMatchObject([{ detail: { personId: a, endedAt: at(0, 1) } }])
    expect(timers()).toEqual([])
    await operator.undo(a, mergeId ?? '')
    await keep()
    expect(personIdsIn(await until(at(32)))).toEqual([a, b])
    expect(timers()).toEqual([])
  })
})

describe('a silence that was told of', () => {
  it('is not told of again by persons that were joined and parted', async () => {
    const { operator, keep, until, a, b } = await twoPersons(at(0), at(35))
    expect(personIdsIn(await until(at(70)))).toEqual([a, b])
    const { mergeId } = await operator.merge(a, b)
    await keep()
    await operator.undo(a, mergeId ?? '')
    await keep()
    expect(await until(at(71))).toEqual([])
  })

  it('is told of under its own number again, if at all, by persons that were joined', async () => {
    const { operator, keep, until, a, b } = await twoPersons(at(0), at(35))
    const before = (await until(at(70))).map(({ detail }) => detail.id)
    expect(before).toHaveLength(2)
    await operator.merge(a, b)
    await keep()
    for (const { detail } of await until(at(71))) expect(before).toContain(detail.id)
  })
})
