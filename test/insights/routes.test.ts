import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { analyses } from '../../functions/analytics/analyses.ts'
import { hasDynoxide } from '../simulation/dynoxide.ts'
import { createInsightsApi, type Parameters } from './insights-api.ts'
import { type InsightsWorld, startInsightsWorld } from './insights-world.ts'

const night = '2026-11-22T03:30:00.000Z-night'

describe.skipIf(!hasDynoxide)('what analyses found is shown over HTTP', () => {
  let world: InsightsWorld
  let api: ReturnType<typeof createInsightsApi>
  beforeAll(async () => {
    world = await startInsightsWorld()
    api = createInsightsApi(world)
  })
  afterAll(() => world?.close())

  it('the first result of an analysis is the one that the contract names', () => {
    const shown = Object.fromEntries(analyses.map(({ name, results }) => [name, results[0]?.name]))
    expect(shown).toMatchObject({
      associations: 'association_rule',
      attribution: 'attribution',
      transitions: 'channel_transition',
      paths: 'journey_path',
      'channel-preferences': 'channel_preference',
      'journey-map': 'journey_map',
      segments: 'rfm',
      cohorts: 'cohort',
    })
  })

  it('of each kind nothing, as long as there was no run', async () => {
    for (const { name } of analyses)
      expect(await api.ask(name), name).toEqual({
        status: 200,
        body: { run: null, items: [], nextCursor: null },
      })
  })

  it.each(['kpis', 'nonsense', 'rfm', '__proto__'])('there is no kind %s', async (kind) => {
    const { status, detail } = await api.problem(kind)
    expect(status).toBe(404)
    expect(detail).toContain('transitions, paths')
  })

  it('paths: lists, money and what is not there, by their number', async () => {
    const odd = ['a,b', 'c\\', '\\,', '"é"', "it's", 'new\nline', '']
    await world.found('paths', 'journey_path', night, [
      { path: ['web'], journeys: 2, conversions: 0 },
      { path: odd, journeys: 7, conversions: 7, currency: 'EUR', value: '1234.5678' },
      { path: ['web', 'store'], journeys: 7, conversions: 3, currency: 'EUR', value: '0' },
      { path: [], journeys: 1, conversions: 1, currency: 'EUR', value: '-5' },
    ])
    expect(await api.ask('paths')).toEqual({
      status: 200,
      body: {
        run: {
          runId: night,
          from: '2025-11-22T00:00:00.000Z',
          to: '2026-11-22T00:00:00.000Z',
          parameters: { days: 365 },
          startedAt: '2026-11-22T03:30:00.000Z',
          finishedAt: '2026-11-22T03:41:12.345Z',
        },
        items: [
          { path: odd, journeys: 7, conversions: 7, currency: 'EUR', value: 1234.5678 },
          { path: ['web', 'store'], journeys: 7, conversions: 3, currency: 'EUR', value: 0 },
          { path: ['web'], journeys: 2, conversions: 0, currency: null, value: null },
          { path: [], journeys: 1, conversions: 1, currency: 'EUR', value: -5 },
        ],
        nextCursor: null,
      },
    })
  })

  it('cohorts: days as days', async () => {
    const cohort = { cohort_month: '2026-03-01', first_channel: 'web', month: 2, customers: 9, orders: 4 }
    await world.found('cohorts', 'cohort', night, [{ ...cohort, currency: 'EUR', revenue: '12.3' }])
    expect((await api.list('cohorts', { firstChannel: 'web' })).items).toEqual([
      {
        ...{ cohortMonth: '2026-03-01', firstChannel: 'web', month: 2, customers: 9, activeCustomers: null },
        ...{ orders: 4, currency: 'EUR', revenue: 12.3 },
      },
    ])
  })

  it('texts are filtered by what they are; by nothing, those that are not there', async () => {
    const strange = `o'neil" -- \\ , é; ?`
    await world.found('channel-preferences', 'channel_preference', night, [
      { category: null, channel: 'web', interactions: 5, interaction_share: 1.5e-7 },
      { category: 'Home', channel: 'web', interactions: 3, interaction_share: 0.25 },
      { category: 'Home', channel: 'store', interactions: 2 },
      { category: strange, channel: 'store', interactions: 1 },
    ])
    const shown = async (parameters: Parameters) =>
      (await api.list('channel-preferences', parameters)).items.map(({ category, channel }) => [
        category,
        channel,
      ])
    expect(await shown({ category: 'Home' })).toHaveLength(2)
    expect(await shown({ category: 'Home', channel: 'store' })).toEqual([['Home', 'store']])
    expect(await shown({ category: strange })).toEqual([[strange, 'store']])
    expect(await shown({ category: '' })).toEqual([[null, 'web']])
    expect(await shown({ category: 'home' })).toEqual([])
    expect(await shown({ category: `' or '1' = '1` })).toEqual([])
    const [first] = (await api.list('channel-preferences', { category: '' })).items
    expect(first).toMatchObject({ interactionShare: 1.5e-7, purchases: null })
  })

  it('any column but a list can be sorted by, up and down; what is not there stands at the end', async () => {
    const by = async (sort: string) =>
      (await api.list('channel-preferences', { sort })).items.map(({ interactions }) => interactions)
    expect(await by('interactions')).toEqual([1, 2, 3, 5])
    expect(await by('-interactions')).toEqual([5, 3, 2, 1])
    expect(await by('interactionShare')).toEqual([5, 3, 2, 1])
    expect(await by('-interactionShare')).toEqual([3, 5, 2, 1])
    expect(await by('-category')).toEqual([1, 2, 3, 5])
  })

  it('rules: also by an item that they begin with', async () => {
    const rule = (antecedent: string[], lift: number, more = {}) => ({
      ...{ scope: 'all', level: 'sku', antecedent, consequent: ['x'], lift, ...more },
    })
    await world.found('associations', 'association_rule', night, [
      rule(['a'], 2),
      rule(['a', "b'"], 3),
      rule(["b'"], 4),
      rule(["b'"], 5, { scope: "store=b'" }),
    ])
    const lifts = async (parameters: Parameters) =>
      (await api.list('associations', parameters)).items.map(({ lift }) => lift)
    expect(await lifts({ sort: '-lift' })).toEqual([5, 4, 3, 2])
    expect(await lifts({ sort: '-lift', item: "b'" })).toEqual([5, 4, 3])
    expect(await lifts({ item: "b'", scope: "store=b'" })).toEqual([5])
    expect(await lifts({ item: 'x' })).toEqual([])
    const [first] = (await api.list('associations', { item: 'a', sort: 'lift' })).items
    expect(first).toMatchObject({ antecedent: ['a'], consequent: ['x'], lift: 2, qValue: null })
  })

  it.each([
    [{ color: 'red' }, 'the parameter color is not known; this route knows currency, sort'],
    [{ path: 'web' }, 'the parameter path is not known'],
    [{ runId: night }, 'the parameter runId is not known'],
    [{ limit: 501 }, 'the parameter limit is not right: at most 500'],
    [{ limit: 0 }, 'the parameter limit is not right: at least 1'],
    [{ sort: 'colour' }, 'the parameter sort is not right: one of journeys, conversions, currency, value'],
    [{ sort: 'path' }, 'the parameter sort is not right'],
    [{ sort: 'journeys desc' }, 'the parameter sort is not right'],
  ])('%j is refused', async (parameters, detail) => {
    expect(await api.problem('paths', parameters)).toEqual({
      status: 400,
      detail: expect.stringContaining(detail),
    })
  })

  it('who cannot wait any longer is asked to try again', async () => {
    const impatient = createInsightsApi(world, -1)
    const { status, body } = await impatient.ask('paths', { sort: '-value' })
    expect(status).toBe(503)
    expect(body).toMatchObject({ detail: expect.stringContaining('try again') })
    expect((await api.list('paths', { sort: '-value' })).items).toHaveLength(4)
  })
})
