import { createHash } from 'node:crypto'
import { ScanCommand } from '@aws-sdk/client-dynamodb'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createSegmentsReader } from '../../functions/insights/segments.ts'
import { hasDynoxide } from '../simulation/dynoxide.ts'
import { ended, type InsightsWorld, recorded, startInsightsWorld } from './insights-world.ts'

const [first, second, third] = ['2026-11-20', '2026-11-21', '2026-11-22'].map(
  (day) => `${day}T03:30:00.000Z-night`,
) as [string, string, string]
const strange = `a "b", 'c'\n#d\u0001é`

describe.skipIf(!hasDynoxide)('what runs have found is brought to where it is read fast', () => {
  let world: InsightsWorld
  beforeAll(async () => {
    world = await startInsightsWorld()
  })
  afterAll(() => world?.close())

  const runOf = async (analysis: string) => {
    const run = await world.store.runOf(analysis)
    if (!run) throw new Error(`there is no run of ${analysis}`)
    return run
  }

  it('a run is known with its times and parameters, also one that found nothing', async () => {
    expect(await world.store.runOf('segments')).toBeNull()
    await world.insert('analysis_run', [recorded('segments', first), recorded('cohorts', first)])
    const refreshed = await world.refresh(
      ended('segments', first),
      ended('cohorts', first, { parameters: {} }),
      ended('paths', first, { status: 'failed', reason: 'the table is not there' }),
      ended('attribution', first, { status: 'refused', reason: 'at most 4' }),
    )
    expect(refreshed).toEqual({
      runs: [
        { analysis: 'segments', runId: first, items: 0, outcome: 'shown' },
        { analysis: 'cohorts', runId: first, items: 0, outcome: 'shown' },
      ],
      failed: [
        { analysis: 'paths', reason: 'the table is not there' },
        { analysis: 'attribution', reason: 'at most 4' },
      ],
      cause: 'paths failed: the table is not there; attribution refused: at most 4',
    })
    const { status: _, reason: __, analysis: ___, ...run } = ended('segments', first)
    expect(await runOf('segments')).toEqual({
      ...run,
      finishedAt: '2026-11-22T03:41:12.345Z',
      bucketDigits: 0,
    })
    expect(await world.store.segmentOf(await runOf('segments'), 'ada')).toBeNull()
    expect(await world.store.runOf('paths')).toBeNull()
  })

  it('a run that the lake does not know is an error, and is not shown', async () => {
    await expect(world.refresh(ended('journey-map', first))).rejects.toThrow('journey-map')
    expect(await world.store.runOf('journey-map')).toBeNull()
  })

  it('rules are found by the items of a basket, those of highest lift first', async () => {
    const rule = (antecedent: string[], consequent: string[], lift: number, more = {}) => ({
      ...{ run_id: first, scope: 'all', level: 'sku', antecedent, consequent, lift },
      ...{ support: 0.01, confidence: 0.5, q_value: 0.001, ...more },
    })
    const long = 'x'.repeat(2_000)
    await world.insert('analysis_run', [recorded('associations', first)])
    await world.insert('association_rule', [
      rule(['a'], ['b'], 2),
      rule(['a', 'b'], ['c'], 3, { q_value: null }),
      rule([strange], ['a', strange], 4),
      rule([long], ['a'], 5),
      rule(['a'], ['b'], 6, { scope: 'channel=store' }),
      rule(['a'], ['b'], 7, { level: 'brand' }),
      rule(['a'], ['b'], 8, { run_id: second }),
      ...Array.from({ length: 130 }, (_, at) => rule(['m'], [`m${at}`], 10 + at)),
    ])
    await world.refresh(ended('associations', first))
    const run = await runOf('associations')
    const found = (scope: string, ...items: string[]) => world.store.rulesFor(run, scope, items)
    const shown = { support: 0.01, confidence: 0.5, qValue: 0.001 }
    expect(await found('all', 'b', 'a', 'a')).toEqual([
      { antecedent: ['a', 'b'], consequent: ['c'], lift: 3, ...shown, qValue: null },
      { antecedent: ['a'], consequent: ['b'], lift: 2, ...shown },
    ])
    expect(await found('all', 'a')).toHaveLength(1)
    expect(await found('all', 'b')).toEqual([])
    expect((await found('all', strange, long)).map(({ consequent, lift }) => [consequent, lift])).toEqual([
      [['a'], 5],
      [['a', strange], 4],
    ])
    expect((await found('channel=store', 'a')).map(({ lift }) => lift)).toEqual([6])
    expect(await found('store=1', 'a')).toEqual([])
    expect((await found('all', 'm')).map(({ lift }) => lift)).toEqual(
      Array.from({ length: 100 }, (_, at) => 139 - at),
    )
    expect(await found('all')).toEqual([])
  })

  it('what a campaign contributed is found by its id, with all models and currencies', async () => {
    const row = (dimension_value: string, model: string, currency: string | null, more = {}) => ({
      ...{ run_id: first, dimension: 'campaign', dimension_value, model, currency },
      ...{ conversions: 1.5, net_conversions: 1.25, gross_revenue: '30.1250', revenue: '20.1', ...more },
    })
    await world.insert('analysis_run', [recorded('attribution', first)])
    await world.insert('attribution', [
      row(`it's "xmas", 26#`, 'last', 'EUR', { cost: '10.05', roas: 2 }),
      row(`it's "xmas", 26#`, 'first', 'GBP'),
      row('b', 'last', null),
      row('b', 'last', 'EUR', { dimension: 'channel' }),
      row('', 'last', 'EUR'),
      row('l'.repeat(401), 'last', 'EUR'),
    ])
    await world.refresh(ended('attribution', first))
    const run = await runOf('attribution')
    const shown = { conversions: 1.5, netConversions: 1.25, grossRevenue: 30.125, revenue: 20.1 }
    expect(await world.store.figuresOf(run, `it's "xmas", 26#`)).toEqual([
      { model: 'first', currency: 'GBP', ...shown, cost: null, roas: null },
      { model: 'last', currency: 'EUR', ...shown, cost: 10.05, roas: 2 },
    ])
    expect(await world.store.figuresOf(run, 'b')).toEqual([
      { model: 'last', currency: null, ...shown, cost: null, roas: null },
    ])
    for (const none of ['c', '', 'l'.repeat(401)]) expect(await world.store.figuresOf(run, none)).toEqual([])
  })

  describe('of several thousand persons', () => {
    const persons = Array.from({ length: 5_000 }, (_, at) => `p${String(at + 1).padStart(19, '0')}`)
    const names = ['champions', 'loyal', 'new', 'at_risk']
    /** Each run has each person in another segment. */
    const put = (runId: string, turn: number) =>
      world.lake.query(`insert into rfm (run_id, person_id, segment)
        select '${runId}', 'p' || lpad(cast(n as varchar), 19, '0'),
          element_at(array['${names.join("', '")}'], 1 + mod(n + ${turn}, 4))
        from unnest(sequence(1, ${persons.length})) as t (n)`)
    const expected = (turn: number) => persons.map((_, at) => names[(at + 1 + turn) % 4])
    const segmentsNow = async () => {
      const run = await runOf('segments')
      const found: (string | null)[] = []
      for (const person of persons.filter((_, at) => at % 100 === 0))
        found.push(await world.store.segmentOf(run, person))
      return { runId: run.runId, found }
    }
    const sampled = (runId: string, turn: number) => ({
      runId,
      found: expected(turn).filter((_, at) => at % 100 === 0),
    })

    beforeAll(async () => {
      await world.insert('analysis_run', [recorded('segments', second), recorded('segments', third)])
      await put(second, 1)
      await put(third, 2)
    }, 60_000)

    it('each person is found in one read', async () => {
      const refreshed = await world.refresh(ended('segments', second))
      expect(refreshed.runs).toMatchObject([{ items: 256, outcome: 'shown' }])
      const run = await runOf('segments')
      expect(run.bucketDigits).toBe(2)
      const found = await Promise.all(persons.map((person) => world.store.segmentOf(run, person)))
      expect(found).toEqual(expected(1))
      for (const unknown of ['nobody', '', '__proto__', 'constructor'])
        expect(await world.store.segmentOf(run, unknown)).toBeNull()
    }, 60_000)

    it('the same once more changes nothing', async () => {
      const all = async () => {
        const { Items = [] } = await world.table.client.send(new ScanCommand({ TableName: 'insights' }))
        const texts = Items.map((item) => JSON.stringify(Object.entries(item).sort()))
        return { count: Items.length, hash: createHash('sha256').update(texts.sort().join()).digest('hex') }
      }
      const before = await all()
      expect(before.count).toBeGreaterThan(256)
      await world.refresh(ended('segments', second))
      expect(await all()).toEqual(before)
    })

    it('whenever a refresh is cut off, readers see all of the one run or all of the next', async () => {
      const seen: string[] = []
      for (let requests = 0; ; requests++) {
        const outcome = await world.refreshKilledAfter(requests, ended('segments', third))
        const now = await segmentsNow()
        expect(now).toEqual(outcome === 'ended' ? sampled(third, 2) : sampled(second, 1))
        seen.push(outcome)
        if (outcome === 'ended') break
      }
      // 256 items, 25 to a request, and the pointer.
      expect(seen.filter((outcome) => outcome === 'killed')).toHaveLength(12)
    }, 60_000)

    it('an older run does not come back', async () => {
      const refreshed = await world.refresh(ended('segments', second))
      expect(refreshed.runs).toMatchObject([{ outcome: 'older' }])
      expect(await segmentsNow()).toEqual(sampled(third, 2))
    })

    it('which run is the latest one is remembered for a minute', async () => {
      let minutes = 0
      const segmentsOf = createSegmentsReader({
        store: world.store,
        now: () => new Date(minutes * 60_000),
      })
      const [person = ''] = persons
      const fourth = '2026-11-23T03:30:00.000Z-night'
      expect(await segmentsOf(person)).toEqual([expected(2)[0]])
      await world.insert('analysis_run', [recorded('segments', fourth)])
      await world.refresh(ended('segments', fourth))
      minutes = 0.9
      expect(await segmentsOf(person)).toEqual([expected(2)[0]])
      minutes = 1
      expect(await segmentsOf(person)).toEqual([])
    })
  })

  it('all but the pointers expire after 30 days', async () => {
    const { Items = [] } = await world.table.client.send(new ScanCommand({ TableName: 'insights' }))
    const kept = Items.filter(({ x }) => x === undefined).map(({ pk, sk }) => [pk?.S, sk?.S])
    expect(kept.sort()).toEqual(
      ['associations', 'attribution', 'cohorts', 'segments'].map((analysis) => ['R', analysis]),
    )
    const expiring = Items.flatMap(({ x }) => (x ? [Number(x.N) - Date.now() / 1000] : []))
    expect(expiring.length).toBeGreaterThan(200)
    for (const seconds of expiring) expect(Math.abs(seconds / 86_400 - 30)).toBeLessThan(0.1)
  })
})
