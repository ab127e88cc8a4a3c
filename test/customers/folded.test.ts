import { describe, expect, it } from 'vitest'
import { type FoldedDeps, readFolded } from '../../functions/customers/folded.ts'
import { listJourneys } from '../../functions/customers/journeys.ts'
import { listTimeline } from '../../functions/customers/timeline.ts'
import { type Rules, rulesKey } from '../../functions/journey/fold-state.ts'
import { retail } from '../../functions/journey/model.ts'
import { travel } from '../journey/travel.ts'
import { createFoldedPerson, personId } from './folded-person.ts'

const own: Rules = { model: travel, currency: 'EUR' }
const former: Rules = { model: retail, currency: 'EUR' }

/** One person who looked, looked again, and bought. */
async function stage() {
  const touches = ['search', 'view_item', 'purchase', 'check_in', 'search'].map((type) => ({
    type,
    ...(type === 'purchase' && { order: { id: 'A', total: 9 } }),
  }))
  const { customer, reading, keepRules, foldBy } = await createFoldedPerson(own, touches)
  const asked = { limit: 50, order: 'asc' } as const
  return {
    keep: keepRules,
    foldBy,
    reading,
    phases: async (deps = reading) => {
      const { items } = await listJourneys(await customer(), { limit: 50 }, deps)
      return items.map((journey) => journey.phases.map(({ phase }) => phase))
    },
    timeline: async (phase?: string) => {
      const { items } = await listTimeline(await customer(), { ...asked, ...(phase && { phase }) }, reading)
      return items.map((item) => [item.phase, item.journeyId === null ? '-' : 'in a journey'])
    },
    checkpoint: async () => (await customer()).checkpoint,
  }
}

const byRetail = [['interest', 'purchase'], ['interest']]
const byTravel = [['planning', 'booking', 'trip'], ['planning']]

describe('journeys that were folded by the model of a deployment before', () => {
  it('are told by that model until they are folded anew', async () => {
    const { keep, foldBy, phases, timeline } = await stage()
    await keep(former)
    await foldBy(former)
    expect(await phases()).toEqual(byRetail)
    expect(await timeline()).toEqual([
      ['interest', 'in a journey'],
      ['interest', 'in a journey'],
      ['purchase', 'in a journey'],
      [null, '-'],
      ['interest', 'in a journey'],
    ])
    expect(await timeline('planning')).toEqual([])
    await foldBy(own)
    expect(await phases()).toEqual(byTravel)
    expect(await timeline('planning')).toEqual([
      ['planning', 'in a journey'],
      ['planning', 'in a journey'],
      ['planning', 'in a journey'],
    ])
    expect((await timeline())[3]).toEqual(['trip', 'in a journey'])
  })

  it('are those of the default model where nothing says by which', async () => {
    const { foldBy, phases } = await stage()
    await foldBy(former)
    expect(await phases()).toEqual(byRetail)
  })

  it('are never told in part by one model and in part by the other', async () => {
    const { keep, foldBy, phases, reading } = await stage()
    const { journeys } = reading
    await keep(former)
    await foldBy(former)
    const foldedMeanwhile: typeof journeys = {
      ...journeys,
      someRowsBetween: async (...range) => {
        await foldBy(own)
        return journeys.someRowsBetween(...range)
      },
    }
    expect(await phases({ ...reading, journeys: foldedMeanwhile })).toEqual(byTravel)
  })

  it('are not read for ever, should they change all the time', async () => {
    const { foldBy, reading } = await stage()
    let reads = 0
    const read = async () => {
      await foldBy(reads++ % 2 === 0 ? own : former)
      return reads
    }
    const deps: FoldedDeps = reading
    expect(await readFolded({ personId, checkpoint: null }, deps, read)).toBeLessThan(10)
  })

  it('say by which rules they were folded', async () => {
    const { foldBy, checkpoint } = await stage()
    await foldBy(former)
    expect((await checkpoint())?.rules).toBe(rulesKey(former))
    expect(rulesKey(former)).not.toBe(rulesKey({ ...former, currency: 'GBP' }))
  })
})
