import { expect, it } from 'vitest'
import { newPerson, succeed } from '../../functions/identity/person.ts'
import { type Rules, rulesKey } from '../../functions/journey/fold-state.ts'
import { keepJourneys } from '../../functions/journey/keep.ts'
import { retail } from '../../functions/journey/model.ts'
import { announceRules, type RefoldAllDeps, refoldAll } from '../../functions/journey/refold-all.ts'
import { createJourneyStore } from '../../functions/store/journeys.ts'
import { touchpointItem } from '../../functions/store/keys.ts'
import { createRefoldProgressStore } from '../../functions/store/refold-progress.ts'
import { createTouchpointStore } from '../../functions/store/touchpoints.ts'
import { type Engine, onEveryServer } from '../simulation/engines.ts'
import { tellingTo } from './telling-to.ts'
import { at } from './touches.ts'
import { travel } from './travel.ts'

const former: Rules = { model: retail, currency: 'EUR' }
const own: Rules = { model: travel, currency: 'EUR' }
const personIds = Array.from({ length: 60 }, (_, at) => `p${at}`)
const everything = () => true

/** Sixty persons with a visit and a purchase each, folded by the former rules. */
async function stage(engine: Engine) {
  const table = (name: 'touchpoints' | 'journeys') => {
    return { client: engine.client('test'), name: engine.nameOf(name), pause: async () => {} }
  }
  const journeys = createJourneyStore(table('journeys'))
  const touchpoints = createTouchpointStore(table('touchpoints'))
  const progress = createRefoldProgressStore(table('journeys'))
  await touchpoints.insert(
    personIds.flatMap((nodeId) =>
      ['search', 'purchase'].map((type, day) => ({
        key: touchpointItem(nodeId, { time: at(day), source: 's', id: type }),
        body: JSON.stringify({ channel: 'web', type }),
        ...{ fingerprints: ['f'], expiresAt: null },
      })),
    ),
  )
  const by = (rules: Rules): RefoldAllDeps => ({
    identity: {
      persons: async (nodeIds) => new Map(nodeIds.map((nodeId) => [nodeId, succeed(newPerson(nodeId), [])])),
    },
    journeys,
    touchpoints,
    progress,
    ...tellingTo(table('journeys')),
    rules,
    newId: () => 'new',
    pause: async () => {},
    random: Math.random,
    onBroken: (_, error) => {
      throw error
    },
  })
  const fold = (rules: Rules, ids = personIds) =>
    keepJourneys(
      ids.map((nodeId) => ({ nodeId, touches: [] })),
      by(rules),
    )
  await fold(former)
  const foldedBy = async () => {
    const checkpoints = await journeys.checkpoints(personIds, true)
    return new Set([...checkpoints.values()].map(({ rules }) => rules))
  }
  return { by, fold, foldedBy, journeys, progress }
}

onEveryServer((engine) => {
  it('folds everybody anew in one round and looks for stragglers in a second', async () => {
    const { by, fold, foldedBy, progress } = await stage(engine())
    expect(await refoldAll(by(own), everything)).toBe(60)
    expect(await foldedBy()).toEqual(new Set([rulesKey(own)]))
    await fold(former, ['p1', 'p2'])
    expect(await refoldAll(by(own), everything)).toBe(2)
    expect(await foldedBy()).toEqual(new Set([rulesKey(own)]))
    expect(await progress.read()).toMatchObject({ rules: rulesKey(own), rounds: 0 })
  })

  it('then asks for nothing but whether it is done', async () => {
    const { by } = await stage(engine())
    for (const _ of [1, 2]) await refoldAll(by(own), everything)
    const { progress, ...rest } = by(own)
    const foldedOtherwise = () => Promise.reject(new Error('nobody should look'))
    expect(await refoldAll({ ...rest, progress: { ...progress, foldedOtherwise } }, everything)).toBe(0)
  })

  it('begins again where other rules have been at work in between, however shortly', async () => {
    const { by, fold, foldedBy, progress } = await stage(engine())
    for (const _ of [1, 2]) await refoldAll(by(own), everything)
    await announceRules(own, progress)
    expect(await progress.read()).toMatchObject({ rounds: 0 })
    await announceRules(former, progress)
    await fold(former, ['p7'])
    await announceRules(own, progress)
    expect(await refoldAll(by(own), everything)).toBe(1)
    expect(await foldedBy()).toEqual(new Set([rulesKey(own)]))
  })

  it('goes on where it had no more time, through any number of pages', async () => {
    const { by, foldedBy, journeys, progress } = await stage(engine())
    const rows = Array.from({ length: 1_100 }, (_, at) => ({ sk: `0#R#${at}`, data: '{}' }))
    await journeys.insertRows('p3', rows)
    let calls = 0
    for (let count = 0; (await progress.read())?.rounds !== 0; count++) {
      expect(count).toBeLessThan(50)
      await refoldAll(by(own), () => ++calls % 3 !== 0)
    }
    expect(calls).toBeGreaterThan(6)
    expect(await foldedBy()).toEqual(new Set([rulesKey(own)]))
  })

  it('leaves it to the other one, if two are at it', async () => {
    const { by, foldedBy, progress } = await stage(engine())
    await Promise.all([refoldAll(by(own), everything), refoldAll(by(own), everything)])
    expect(await foldedBy()).toEqual(new Set([rulesKey(own)]))
    expect((await progress.read())?.version).toBeLessThanOrEqual(2)
  })

  it('leaves alone of whom nothing is folded, and whose fold has met a bug', async () => {
    const { by, journeys, progress } = await stage(engine())
    const [a, b] = ['p1', 'p2'].map(async (personId) => {
      const before = (await journeys.checkpoints([personId], true)).get(personId)
      if (!before) throw new Error('it is there')
      const change = personId === 'p1' ? { topology: 0 } : { state: null }
      const checkpoint = { ...before, ...change, version: before.version + 1 }
      await journeys.commit([{ checkpoint, before, changes: [] }])
    })
    await Promise.all([a, b])
    expect(await refoldAll(by(own), everything)).toBe(58)
    expect((await progress.read())?.rounds).toBe(1)
  })
})
