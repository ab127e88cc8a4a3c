import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { writeCursor } from '../../functions/http/page.ts'
import { hasDynoxide } from '../simulation/dynoxide.ts'
import { createInsightsApi, type Parameters } from './insights-api.ts'
import { ended, type InsightsWorld, recorded, startInsightsWorld } from './insights-world.ts'

const night = '2026-11-22T03:30:00.000Z-night'
const nextNight = '2026-11-23T03:30:00.000Z-night'

describe.skipIf(!hasDynoxide)('what analyses found is shown page by page', () => {
  let world: InsightsWorld
  let api: ReturnType<typeof createInsightsApi>
  afterAll(() => world?.close())

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
    world = await startInsightsWorld()
    api = createInsightsApi(world)
    await persons(night, 'loyal')
    await world.found('segments', 'rfm', night, [{ person_id: 'other', segment: 'new' }])
  })

  async function all(parameters: Parameters, betweenPages = async () => {}) {
    const pages: Awaited<ReturnType<typeof api.list>>[] = []
    for (let cursor: string | null = ''; cursor !== null; cursor = pages.at(-1)?.nextCursor ?? null) {
      pages.push(await api.list('segments', { ...parameters, ...(cursor && { cursor }) }))
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
    expect((await api.list('segments')).items).toHaveLength(50)
  })

  it('a page that ends with the rows has no next one', async () => {
    expect((await api.list('segments', { segment: 'new', limit: 1 })).nextCursor).toBeNull()
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
    const next = await api.list('segments', { segment: 'loyal' })
    expect([next.run.runId, next.items]).toEqual([nextNight, []])
  })

  const wrongCursor = { status: 400, detail: expect.stringContaining('the cursor is not one that') }

  it('a cursor goes on with the list that gave it, and no other', async () => {
    const { nextCursor } = await api.list('segments', { limit: 10, sort: 'personId' })
    const cursor = nextCursor ?? ''
    const { items } = await api.list('segments', { limit: 5, sort: 'personId', cursor })
    expect(items.map(({ personId }) => personId)).toEqual(ordered((a, b) => a - b).slice(10, 15))
    expect(await api.problem('segments', { sort: '-personId', cursor })).toEqual(wrongCursor)
    expect(await api.problem('segments', { sort: 'personId', segment: 'new', cursor })).toEqual(wrongCursor)
    expect(await api.problem('paths', { cursor })).toEqual(wrongCursor)
  })

  it('a cursor that was made up reads nothing', async () => {
    const executionId = await world.lake.start('select person_id from rfm')
    await world.lake.finished(executionId)
    const { run } = await api.list('segments')
    const page = { run, token: Buffer.from(`${executionId} 0`).toString('base64url') }
    for (const cursor of ['x', writeCursor({ after: 1 }), writeCursor({ ...page, executionId })])
      expect(await api.problem('segments', { cursor })).toEqual(wrongCursor)
    const unknown = '00000000-0000-4000-8000-000000000000'
    expect(await api.problem('segments', { cursor: writeCursor({ ...page, executionId: unknown }) })).toEqual(
      wrongCursor,
    )
  })
})
