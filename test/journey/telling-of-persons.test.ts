import { describe, expect, it } from 'vitest'
import type { JourneyEvent } from '../../functions/journey/journey-event.ts'
import { readNews } from '../../functions/journey/news.ts'
import { operatorOf, personIdsOf } from './telling-operator.ts'
import { createTellingWorld, idsOf, namesOf } from './telling-world.ts'
import { at } from './touches.ts'

const email = 'email:ann@example.org'
const loyalty = 'loyalty_id:L-1'
const phone = 'phone:+4930123456'

/** Each once, by its id, without it. */
function movesIn(told: readonly JourneyEvent[]) {
  const byId = new Map(told.map((event) => [event.detail.id, event]))
  return [...byId.values()].map(({ name, detail: { id: _, ...detail } }) => [name, detail])
}

/** Persons with a search each, heard of. */
async function personsWith(...names: string[]) {
  const world = createTellingWorld({ now: at(20) })
  for (const [day, name] of names.entries()) {
    await world.send({ id: name, time: at(day), type: 'search', by: [name] })
  }
  await world.keep()
  world.told()
  const [a = '', b = '', c = ''] = personIdsOf(world)
  return { ...world, a, b, c, operator: operatorOf(world) }
}

describe('a merge', () => {
  it('by an event is told, of the person that is one no more', async () => {
    const { send, keep, told, clock, a, b } = await personsWith(email, loyalty)
    clock.set(at(21, 1_234))
    await send({ id: 'both', time: at(3), type: 'login', by: [loyalty, email] })
    await keep()
    // The stream tells whole seconds.
    const merged = { personId: a, at: at(21, 1_000), mergedPersonId: b }
    expect(movesIn(told())).toEqual([['PersonsMerged', merged]])
  })

  it('is stored as told once when nothing goes wrong', async () => {
    const { operator, keep, told, a, b } = await personsWith(email, loyalty)
    await operator.merge(a, b)
    await keep()
    expect(namesOf(told())).toEqual(['PersonsMerged'])
  })

  it('of three persons at once is told of two', async () => {
    const { send, keep, told, a, b, c } = await personsWith(email, loyalty, phone)
    await send({ id: 'all', time: at(3), type: 'login', by: [loyalty, email, phone] })
    await keep()
    expect(movesIn(told())).toEqual(
      expect.arrayContaining([
        ['PersonsMerged', { personId: a, at: at(20), mergedPersonId: b }],
        ['PersonsMerged', { personId: a, at: at(20), mergedPersonId: c }],
      ]),
    )
  })

  it('of a person that was two is told of that person only', async () => {
    const { operator, keep, told, a, b, c } = await personsWith(email, loyalty, phone)
    await operator.merge(b, c)
    await keep()
    expect(movesIn(told())).toEqual([['PersonsMerged', { personId: b, at: at(20), mergedPersonId: c }]])
    await operator.merge(a, b)
    await keep()
    expect(movesIn(told())).toEqual([['PersonsMerged', { personId: a, at: at(20), mergedPersonId: b }]])
  })

  it('of a node that was never a person is not told', async () => {
    const { send, keep, told, store } = await personsWith(email)
    await send({ id: '1', time: at(1), type: 'login', by: [email, 'customer_id:c-1'] })
    await send({ id: '2', time: at(1), type: 'login', by: ['customer_id:c-2', loyalty] })
    await keep()
    const nodes = store.items('identity').filter(({ sk }) => sk?.S === 'N')
    expect(nodes.filter(({ pk, r }) => pk?.S !== `N#${r?.S}`)).not.toEqual([])
    expect(told()).toEqual([])
  })

  it('is told when none of the two has a touchpoint that was heard of', async () => {
    const world = createTellingWorld({ now: at(20) })
    await world.send({ id: '1', time: at(0), type: 'search', by: [email] })
    await world.send({ id: '2', time: at(1), type: 'search', by: [loyalty] })
    const [a = '', b = ''] = personIdsOf(world)
    await operatorOf(world).merge(a, b)
    await world.keep(world.news('identity'))
    expect(movesIn(world.told())).toEqual([['PersonsMerged', { personId: a, at: at(20), mergedPersonId: b }]])
    await world.keep(world.news('touchpoints'))
    expect(namesOf(world.told())).toEqual(['JourneyStarted', 'PhaseEntered'])
  })
})

describe('an undone merge', () => {
  it('is told once, of the person that is one again', async () => {
    const { operator, keep, told, a, b } = await personsWith(email, loyalty)
    const { mergeId } = await operator.merge(a, b)
    await keep()
    told()
    await operator.undo(a, mergeId ?? '')
    await keep()
    const events = told()
    expect(movesIn(events)).toEqual([['MergeUndone', { personId: a, at: at(20), freedPersonId: b }]])
    expect(events).toHaveLength(1)
  })

  it('is told of the oldest of the nodes that go, not of the others', async () => {
    const { operator, keep, told, a, b, c } = await personsWith(email, loyalty, phone)
    await operator.merge(b, c)
    const { mergeId } = await operator.merge(a, b)
    await keep()
    told()
    await operator.undo(a, mergeId ?? '')
    await keep()
    expect(movesIn(told())).toEqual([['MergeUndone', { personId: a, at: at(20), freedPersonId: b }]])
  })

  it('is told when a touchpoint of the freed person was heard of before', async () => {
    const { operator, keep, news, send, told, a, b } = await personsWith(email, loyalty)
    const { mergeId } = await operator.merge(a, b)
    await keep()
    told()
    await operator.undo(a, mergeId ?? '')
    await send({ id: 'later', time: at(19), type: 'add_to_cart', by: [loyalty] })
    await keep(news('touchpoints'))
    expect(namesOf(told())).toEqual(['PhaseEntered'])
    await keep(news('identity'))
    expect(movesIn(told())).toEqual([['MergeUndone', { personId: a, at: at(20), freedPersonId: b }]])
  })

  it('is told, and so is each merge around it, when all are over before the first is heard of', async () => {
    const { operator, keep, told, store, a, b } = await personsWith(email, loyalty)
    const { mergeId } = await operator.merge(a, b)
    await operator.undo(a, mergeId ?? '')
    await operator.merge(a, b)
    const records = store.stream('identity').read(0)
    const merged = ['PersonsMerged', { personId: a, at: at(20), mergedPersonId: b }]
    const undone = ['MergeUndone', { personId: a, at: at(20), freedPersonId: b }]
    await keep(readNews(records))
    const together = told()
    expect(movesIn(together)).toEqual([merged, undone, merged])
    for (const record of records) await keep(readNews([record]))
    const oneByOne = told()
    expect(movesIn(oneByOne)).toEqual([merged, undone, merged])
    expect(new Set(idsOf(oneByOne))).toEqual(new Set(idsOf(together)))
  })
})
