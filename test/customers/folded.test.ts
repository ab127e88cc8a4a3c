import { describe, expect, it } from 'vitest'
import { createRulesReader, type FoldedDeps, readFolded } from '../../functions/customers/folded.ts'
import { listJourneys } from '../../functions/customers/journeys.ts'
import { listTimeline } from '../../functions/customers/timeline.ts'
import { newPerson, succeed } from '../../functions/identity/person.ts'
import { type Rules, rulesKey } from '../../functions/journey/fold.ts'
import { type KeepDeps, keepJourneys } from '../../functions/journey/keep.ts'
import { retail } from '../../functions/journey/model.ts'
import { createJourneyStore } from '../../functions/store/journeys.ts'
import { touchpointItem } from '../../functions/store/keys.ts'
import { createRulesStore } from '../../functions/store/rules.ts'
import { createTouchpointStore } from '../../functions/store/touchpoints.ts'
import { at } from '../journey/touches.ts'
import { travel } from '../journey/travel.ts'
import { createSimulatedDynamoDB } from '../simulation/dynamodb.ts'

const keys = { partitionKey: 'pk', sortKey: 'sk' }
const own: Rules = { model: travel, currency: 'EUR' }
const former: Rules = { model: retail, currency: 'EUR' }
const person = succeed(newPerson('p'), [])

/** One person who looked, looked again, and bought, as folded by the rules given. */
async function stage() {
  const client = createSimulatedDynamoDB({ tables: { touchpoints: keys, journeys: keys } }).client('test')
  const table = (name: string) => ({ client, name, pause: async () => {} })
  const journeys = createJourneyStore(table('journeys'))
  const touchpoints = createTouchpointStore(table('touchpoints'))
  const kept = createRulesStore(table('journeys'))
  const types = ['search', 'view_item', 'purchase', 'check_in', 'search']
  await touchpoints.insert(
    types.map((type, day) => {
      const body = JSON.stringify({
        channel: 'web',
        type,
        ...(day === 2 && { order: { id: 'A', total: 9 } }),
      })
      const key = touchpointItem('p', { time: at(day), source: 's', id: String(day) })
      return { key, body, fingerprints: ['f'], expiresAt: null }
    }),
  )
  const foldBy = async (rules: Rules) => {
    const deps: KeepDeps = {
      identity: { persons: async (nodeIds) => new Map(nodeIds.map((nodeId) => [nodeId, person])) },
      journeys,
      touchpoints,
      rules,
      newId: () => 'new',
      pause: async () => {},
      random: () => 0,
      onBroken: (_, error) => {
        throw error
      },
    }
    await keepJourneys([{ nodeId: 'p', touches: [] }], deps)
  }
  const reading = {
    journeys,
    touchpoints,
    rulesOf: createRulesReader(own, kept),
    now: () => new Date(at(10)),
  }
  const asked = { limit: 50, order: 'asc' } as const
  return {
    journeys,
    keep: kept.keep,
    foldBy,
    reading,
    phases: async (deps = reading) => {
      const { items } = await listJourneys(person, { limit: 50 }, deps)
      return items.map((journey) => journey.phases.map(({ phase }) => phase))
    },
    timeline: async (phase?: string) => {
      const { items } = await listTimeline(person, { ...asked, ...(phase && { phase }) }, reading)
      return items.map((item) => [item.phase, item.journeyId === null ? '-' : 'in a journey'])
    },
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
    const { journeys, keep, foldBy, phases, reading } = await stage()
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
    expect(await readFolded('p', deps, read)).toBeLessThan(10)
  })

  it('say by which rules they were folded', async () => {
    const { foldBy, journeys } = await stage()
    await foldBy(former)
    expect((await journeys.checkpoints(['p'], true)).get('p')?.rules).toBe(rulesKey(former))
    expect(rulesKey(former)).not.toBe(rulesKey({ ...former, currency: 'GBP' }))
  })
})
