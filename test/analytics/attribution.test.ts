import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Row } from '../../functions/analytics/analysis.ts'
import { attribution } from '../../functions/analytics/attribution/analysis.ts'
import { campaignRow } from '../../functions/lake/campaign-row.ts'
import { type JourneyLake, startJourneyLake } from '../lake/journey-lake.ts'
import { runAnalysis } from './run-analysis.ts'
import { event, lakeRows, on, order } from './world.ts'

let lake: JourneyLake

beforeAll(async () => {
  lake = await startJourneyLake()
})
afterAll(() => lake?.close())

const adWords = { campaign: { id: 'spring', source: 'google', medium: 'cpc' } }
const newsletter = { campaign: { id: 'news', source: 'crm', medium: 'email' } }
const banner = { campaign: { id: 'news', source: 'portal', medium: 'banner' } }
const flyer = { campaign: { id: 'flyer' } }

const shop = [
  // By an ad, then a newsletter twice, to the store; half of it was given back.
  event('ada', on('03-01'), 'web', 'view_item', adWords),
  event('ada', on('03-02'), 'email', 'email_open', newsletter),
  event('ada', on('03-03'), 'email', 'email_click', newsletter),
  event('ada', on('03-05'), 'store', 'purchase', order('A1', 100)),
  event('ada', on('03-06'), 'store', 'refund', order('A1', 50)),
  // Gave all of it back.
  event('ben', on('03-02'), 'web', 'view_item', adWords),
  event('ben', on('03-04'), 'web', 'purchase', order('B1', 30)),
  event('ben', on('03-05'), 'web', 'cancellation', order('B1', 30)),
  // In pounds, without a touch: a consent has no phase.
  event('cleo', on('03-04', 9), 'web', 'consent_change', adWords),
  event('cleo', on('03-04'), 'web', 'purchase', order('C1', 9.99, { currency: 'GBP' })),
  // Did not buy.
  event('dan', on('03-01'), 'app', 'view_item', flyer),
  event('dan', on('03-02'), 'app', 'view_item', adWords),
  // By a campaign of which no cost is known.
  event('fay', on('03-07'), 'sms', 'sms_click', { campaign: { id: 'free' } }),
  event('fay', on('03-08'), 'store', 'purchase', order('F1', 20)),
  // After the time that is asked for.
  event('eve', on('05-01'), 'web', 'view_item', adWords),
  event('eve', on('05-02'), 'web', 'purchase', order('E1', 500)),
  // Nobody's.
  event('', on('03-03'), 'store', 'purchase', order('N1', 70)),
  event('', on('03-03'), 'web', 'page_view', banner),
]

const targets = { conversions: null, revenue: null, roas: null }
const campaigns = [
  {
    id: 'spring',
    channel: 'ad',
    costs: [
      ['2026-03-01', 8],
      ['2026-03-31', 2],
      ['2026-05-01', 1000],
    ],
  },
  { id: 'news', channel: 'email', costs: [['2026-03-02', 1]] },
  { id: 'flyer', channel: 'print', costs: [['2026-03-01', 40]] },
  { id: 'unseen', channel: 'print', costs: [['2026-03-02', 5]] },
  { id: 'free', channel: 'ad', costs: [] },
] as const

const campaignRows = campaigns.map(({ id, channel, costs }) =>
  campaignRow(
    {
      id,
      version: 1,
      campaign: {
        ...{ name: id, channel, startsOn: null, endsOn: null, currency: 'EUR', targets, holdoutShare: 0 },
        costs: costs.map(([day, amount]) => ({ day: String(day), amount: Number(amount) })),
      },
    },
    new Date('2026-01-01T00:00:00Z'),
  ),
)

const march = { from: '2026-03-01T00:00:00.000Z', to: '2026-04-01T00:00:00.000Z' }

/** Runs it and shows the rows of a model, one line each. */
async function linesOf(
  model: string,
  asked: { parameters?: Record<string, unknown>; from?: string; to?: string } = {},
) {
  const report = await runAnalysis(lake, attribution, { ...march, ...asked, runId: nextRun() })
  expect(report.ending).toEqual({ status: 'succeeded', reason: null })
  const rows = await lake.table(`select * from latest_attribution where model = '${model}'`)
  return { ...report, lines: rows.map(lineOf).sort() }
}

const lineOf = (row: Row): string =>
  [
    `${row.dimension} ${row.dimension_value} ${row.currency}`,
    ...[row.conversions, row.net_conversions, row.gross_revenue, row.revenue].map(Number),
    ...[row.cost, row.roas].map((value) => (value === null ? '-' : Number(Number(value).toFixed(4)))),
  ].join(' | ')

let runs = 0
const nextRun = () => `2026-11-23T00:00:00.000Z-${String(++runs).padStart(4, '0')}`

describe('of a small shop', () => {
  beforeAll(async () => {
    await lake.hold([...lakeRows(shop), ...campaignRows])
  })

  it('credits the last touch in every dimension, with what it cost', async () => {
    const { lines, statements } = await linesOf('last')
    expect(lines).toEqual([
      'campaign (none) GBP | 1 | 1 | 9.99 | 9.99 | - | -',
      'campaign flyer EUR | 0 | 0 | 0 | 0 | 40 | 0',
      'campaign free EUR | 1 | 1 | 20 | 20 | - | -',
      'campaign news EUR | 1 | 1 | 100 | 50 | 1 | 50',
      'campaign spring EUR | 1 | 0 | 30 | 0 | 10 | 0',
      'campaign unseen EUR | 0 | 0 | 0 | 0 | 5 | 0',
      'channel ad EUR | 0 | 0 | 0 | 0 | 10 | 0',
      'channel email EUR | 1 | 1 | 100 | 50 | 1 | 50',
      'channel print EUR | 0 | 0 | 0 | 0 | 45 | 0',
      'channel sms EUR | 1 | 1 | 20 | 20 | - | -',
      'channel web EUR | 1 | 0 | 30 | 0 | - | -',
      'channel web GBP | 1 | 1 | 9.99 | 9.99 | - | -',
      // Where two of three touchpoints of the newsletter came from.
      'channel_group direct GBP | 1 | 1 | 9.99 | 9.99 | - | -',
      'channel_group display EUR | 0 | 0 | 0 | 0 | 0.3333 | 0',
      'channel_group email EUR | 1 | 1 | 100 | 50 | 0.6667 | 74.9963',
      'channel_group paid_search EUR | 1 | 0 | 30 | 0 | 10 | 0',
      'channel_group sms EUR | 1 | 1 | 20 | 20 | - | -',
      'channel_group unassigned EUR | 0 | 0 | 0 | 0 | 40 | 0',
      'source_medium (none) EUR | 1 | 1 | 20 | 20 | - | -',
      'source_medium (none) GBP | 1 | 1 | 9.99 | 9.99 | - | -',
      'source_medium crm / email EUR | 1 | 1 | 100 | 50 | 0.6667 | 74.9963',
      'source_medium google / cpc EUR | 1 | 0 | 30 | 0 | 10 | 0',
      'source_medium portal / banner EUR | 0 | 0 | 0 | 0 | 0.3333 | 0',
    ])
    for (const statement of statements) expect(Buffer.byteLength(statement)).toBeLessThan(200_000)
    for (const { name } of attribution.work)
      expect(await lake.rows(`select count(*) from ${name}`)).toEqual([['0']])
  })

  it('asks only what it was asked for', async () => {
    const parameters = { dimensions: ['campaign'], models: ['first', 'markov'], markovOrders: [2] }
    const { lines } = await linesOf('markov_2', { parameters })
    expect(lines.map((line) => line.split(' | ').slice(0, 2).join(' '))).toEqual([
      'campaign (none) GBP 1',
      'campaign flyer EUR 0',
      'campaign free EUR 0.75',
      'campaign news EUR 0.75',
      'campaign spring EUR 1.5',
      'campaign unseen EUR 0',
    ])
    const found = await lake.rows('select distinct model, dimension from latest_attribution order by 1')
    expect(found).toEqual([
      ['first', 'campaign'],
      ['markov_2', 'campaign'],
    ])
  })

  it('looks back only so far', async () => {
    const { lines } = await linesOf('first', { parameters: { dimensions: ['campaign'], lookbackDays: 3 } })
    expect(lines.filter((line) => line.includes('EUR | 1'))).toEqual([
      'campaign free EUR | 1 | 1 | 20 | 20 | - | -',
      'campaign news EUR | 1 | 1 | 100 | 50 | 1 | 50',
      'campaign spring EUR | 1 | 0 | 30 | 0 | 10 | 0',
    ])
  })

  it('says so where nothing was bought', async () => {
    const empty = { from: '2020-01-01T00:00:00.000Z', to: '2020-02-01T00:00:00.000Z' }
    const { lines, said } = await linesOf('first', empty)
    expect(said).toContain('No journey converted in that time: there is nothing to attribute.')
    expect(lines).toEqual([])
  })
})

it.each([
  [{ dimensions: ['store'] }, /"channel"\|"channel_group"\|"source_medium"\|"campaign"/],
  [{ dimensions: [] }, /Too small/],
  [{ models: ['best'] }, /"first"\|"last"/],
  [{ markovOrders: [0] }, /the order of a Markov model is 1, 2, 3 or 4/],
  [{ markovOrders: [1, 9] }, /the order of a Markov model is 1, 2, 3 or 4/],
  [{ halfLifeDays: 0 }, />0/],
  [{ k: 1 }, /Unrecognized key/],
])('refuses %j', (parameters, message) => {
  const { success, error } = attribution.parameters.safeParse(parameters)
  expect(success).toBe(false)
  expect(error?.issues.map((issue) => issue.message).join()).toMatch(message)
})
