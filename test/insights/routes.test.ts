import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { analyses } from '../../functions/analytics/analyses.ts'
import { writeCursor } from '../../functions/http/request.ts'
import { hasDynoxide } from '../simulation/dynoxide.ts'
import { createInsightsApi } from './insights-api.ts'
import { ended, type InsightsWorld, recorded, startInsightsWorld } from './insights-world.ts'
import type { ResultRow } from './result-rows.ts'

const listSchema = z.object({
  run: z.object({ runId: z.string() }),
  items: z.array(z.record(z.string(), z.unknown())),
  nextCursor: z.string().nullable(),
})

const night = '2026-11-22T03:30:00.000Z-night'
const nextNight = '2026-11-23T03:30:00.000Z-night'

describe.skipIf(!hasDynoxide)('what analyses found is shown over HTTP', () => {
  let world: InsightsWorld
  let ask: ReturnType<typeof createInsightsApi>
  beforeAll(async () => {
    world = await startInsightsWorld()
    ask = createInsightsApi(world)
  })
  afterAll(() => world?.close())

  /** A run of an analysis that found these rows. */
  async function found(analysis: string, table: string, rows: ResultRow[], run_id = night) {
    await world.insert(
      table,
      rows.map((row) => ({ run_id, ...row })),
    )
    await world.insert('analysis_run', [recorded(analysis, run_id)])
    await world.refresh(ended(analysis, run_id))
  }
  type Parameters = Readonly<Record<string, string | number>>
  async function list(kind: string, parameters: Parameters = {}) {
    const { status, body } = await ask(kind, parameters)
    expect(status, JSON.stringify(body)).toBe(200)
    return listSchema.parse(body)
  }
  const problem = async (kind: string, parameters: Parameters = {}) => {
    const { status, body } = await ask(kind, parameters)
    return { status, ...z.object({ detail: z.string() }).parse(body) }
  }

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
      expect(await ask(name), name).toEqual({
        status: 200,
        body: { run: null, items: [], nextCursor: null },
      })
  })

  it.each(['kpis', 'nonsense', 'rfm', '__proto__'])('there is no kind %s', async (kind) => {
    const { status, detail } = await problem(kind)
    expect(status).toBe(404)
    expect(detail).toContain('transitions, paths')
  })

  it('paths: lists, money and what is not there, by their number', async () => {
    const odd = ['a,b', 'c\\', '\\,', '"é"', "it's", 'new\nline', '']
    await found('paths', 'journey_path', [
      { path: ['web'], journeys: 2, conversions: 0 },
      { path: odd, journeys: 7, conversions: 7, currency: 'EUR', value: '1234.5678' },
      { path: ['web', 'store'], journeys: 7, conversions: 3, currency: 'EUR', value: '0' },
      { path: [], journeys: 1, conversions: 1, currency: 'EUR', value: '-5' },
    ])
    expect(await ask('paths')).toEqual({
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
    await found('cohorts', 'cohort', [{ ...cohort, currency: 'EUR', revenue: '12.3' }])
    expect((await list('cohorts', { firstChannel: 'web' })).items).toEqual([
      {
        ...{ cohortMonth: '2026-03-01', firstChannel: 'web', month: 2, customers: 9, activeCustomers: null },
        ...{ orders: 4, currency: 'EUR', revenue: 12.3 },
      },
    ])
  })

  it('texts are filtered by what they are; by nothing, those that are not there', async () => {
    const strange = `o'neil" -- \\ , é; ?`
    await found('channel-preferences', 'channel_preference', [
      { category: null, channel: 'web', interactions: 5, interaction_share: 1.5e-7 },
      { category: 'Home', channel: 'web', interactions: 3, interaction_share: 0.25 },
      { category: 'Home', channel: 'store', interactions: 2 },
      { category: strange, channel: 'store', interactions: 1 },
    ])
    const shown = async (parameters: Parameters) =>
      (await list('channel-preferences', parameters)).items.map(({ category, channel }) => [
        category,
        channel,
      ])
    expect(await shown({ category: 'Home' })).toHaveLength(2)
    expect(await shown({ category: 'Home', channel: 'store' })).toEqual([['Home', 'store']])
    expect(await shown({ category: strange })).toEqual([[strange, 'store']])
    expect(await shown({ category: '' })).toEqual([[null, 'web']])
    expect(await shown({ category: 'home' })).toEqual([])
    expect(await shown({ category: `' or '1' = '1` })).toEqual([])
    const [first] = (await list('channel-preferences', { category: '' })).items
    expect(first).toMatchObject({ interactionShare: 1.5e-7, purchases: null })
  })

  it('any column but a list can be sorted by, up and down; what is not there stands at the end', async () => {
    const by = async (sort: string) =>
      (await list('channel-preferences', { sort })).items.map(({ interactions }) => interactions)
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
    await found('associations', 'association_rule', [
      rule(['a'], 2),
      rule(['a', "b'"], 3),
      rule(["b'"], 4),
      rule(["b'"], 5, { scope: "store=b'" }),
    ])
    const lifts = async (parameters: Parameters) =>
      (await list('associations', parameters)).items.map(({ lift }) => lift)
    expect(await lifts({ sort: '-lift' })).toEqual([5, 4, 3, 2])
    expect(await lifts({ sort: '-lift', item: "b'" })).toEqual([5, 4, 3])
    expect(await lifts({ item: "b'", scope: "store=b'" })).toEqual([5])
    expect(await lifts({ item: 'x' })).toEqual([])
    const [first] = (await list('associations', { item: 'a', sort: 'lift' })).items
    expect(first).toMatchObject({ antecedent: ['a'], consequent: ['x'], lift: 2, qValue: null })
  })

  describe('page by page', () => {
    const count = 1_203
    const persons = (run_id: string, segment: string) =>
      world.lake.query(`insert into rfm (run_id, person_id, monetary, segment)
        select '${run_id}', 'p' || lpad(cast(n as varchar), 5, '0'), cast(mod(n, 7) as decimal(18, 4)), '${segment}'
        from unnest(sequence(1, ${count})) as t (n)`)
    const ordered = (order: (a: number, b: number) => number) =>
      Array.from({ length: count }, (_, at) => at + 1)
        .sort(order)
        .map((n) => `p${String(n).padStart(5, '0')}`)

    beforeAll(async () => {
      await persons(night, 'loyal')
      await found('segments', 'rfm', [{ person_id: 'other', segment: 'new' }])
    })

    async function all(parameters: Parameters, betweenPages = async () => {}) {
      const pages: Awaited<ReturnType<typeof list>>[] = []
      for (let cursor: string | null = ''; cursor !== null; cursor = pages.at(-1)?.nextCursor ?? null) {
        pages.push(await list('segments', { ...parameters, ...(cursor && { cursor }) }))
        await betweenPages()
      }
      return pages
    }

    it('each row comes once, in the same order, whatever the size of a page', async () => {
      const byValue = ordered((a, b) => (b % 7) - (a % 7) || a - b)
      for (const limit of [500, 100, 1_203 / 3]) {
        const pages = await all({ limit, segment: 'loyal' })
        expect(pages.map(({ items }) => items.length)).toEqual([
          ...Array.from({ length: Math.floor(count / limit) }, () => limit),
          ...(count % limit > 0 ? [count % limit] : []),
        ])
        expect(pages.flatMap(({ items }) => items.map(({ personId }) => personId))).toEqual(byValue)
      }
      expect((await list('segments')).items).toHaveLength(50)
    })

    it('a page that ends with the rows has no next one', async () => {
      expect((await list('segments', { segment: 'new', limit: 1 })).nextCursor).toBeNull()
    })

    it('all pages are of the run that the first one is of', async () => {
      await persons(nextNight, 'hibernating')
      await world.insert('analysis_run', [recorded('segments', nextNight)])
      let pages = 0
      const lists = await all({ limit: 400, sort: 'personId' }, async () => {
        if (++pages === 1) await world.refresh(ended('segments', nextNight, { parameters: {} }))
      })
      expect(lists.map(({ run }) => run.runId)).toEqual([night, night, night, night])
      expect(new Set(lists.map(({ run }) => JSON.stringify(run))).size).toBe(1)
      const items = lists.flatMap((page) => page.items)
      expect(items.map(({ personId }) => personId)).toEqual(['other', ...ordered((a, b) => a - b)])
      expect(new Set(items.map(({ segment }) => segment))).toEqual(new Set(['loyal', 'new']))
      const next = await list('segments', { segment: 'loyal' })
      expect([next.run.runId, next.items]).toEqual([nextNight, []])
    })

    const wrongCursor = { status: 400, detail: expect.stringContaining('the cursor is not one that') }

    it('a cursor goes on with the list that gave it, and no other', async () => {
      const { nextCursor } = await list('segments', { limit: 10, sort: 'personId' })
      const cursor = nextCursor ?? ''
      const { items } = await list('segments', { limit: 5, sort: 'personId', cursor })
      expect(items.map(({ personId }) => personId)).toEqual(ordered((a, b) => a - b).slice(10, 15))
      expect(await problem('segments', { sort: '-personId', cursor })).toEqual(wrongCursor)
      expect(await problem('segments', { sort: 'personId', segment: 'new', cursor })).toEqual(wrongCursor)
      expect(await problem('paths', { cursor })).toEqual(wrongCursor)
    })

    it('a cursor that was made up reads nothing', async () => {
      const executionId = await world.lake.start('select person_id from rfm')
      await world.lake.finished(executionId)
      const { run } = await list('segments')
      const page = { run, token: Buffer.from(`${executionId} 0`).toString('base64url') }
      for (const cursor of ['x', writeCursor({ after: 1 }), writeCursor({ ...page, executionId })])
        expect(await problem('segments', { cursor })).toEqual(wrongCursor)
      const unknown = '00000000-0000-4000-8000-000000000000'
      expect(await problem('segments', { cursor: writeCursor({ ...page, executionId: unknown }) })).toEqual(
        wrongCursor,
      )
    })
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
    expect(await problem('paths', parameters)).toEqual({
      status: 400,
      detail: expect.stringContaining(detail),
    })
  })

  it('who cannot wait any longer is asked to try again', async () => {
    const impatient = createInsightsApi(world, -1)
    const { status, body } = await impatient('paths', { sort: '-value' })
    expect(status).toBe(503)
    expect(body).toMatchObject({ detail: expect.stringContaining('try again') })
    expect((await list('paths', { sort: '-value' })).items).toHaveLength(4)
  })
})
