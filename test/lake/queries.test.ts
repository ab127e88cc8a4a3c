import { afterAll, beforeAll, expect, it } from 'vitest'
import { namedQueries } from '../../functions/lake/queries.ts'
import { correlationId } from '../../functions/runtime/correlation.ts'
import { type JourneyLake, startJourneyLake } from './journey-lake.ts'
import { daysAgo, fixture } from './queries-fixture.ts'

let lake: JourneyLake

beforeAll(async () => {
  lake = await startJourneyLake()
  await lake.hold(fixture)
})

afterAll(() => lake.close())

const monthOf = (days: number) => `${daysAgo(days).toISOString().slice(0, 7)}-01`

/** By month, then the rest. */
const inOrder = (rows: string[]) => rows.sort()

/** Figures shortened to three decimals, nothing as nothing. */
const expected: Record<string, string[]> = {
  net_revenue_by_channel_and_store: ['EUR store B 3 120 25 95 0.864', 'EUR web  1 15 0 15 0.136'],
  new_and_returning_customers: inOrder([
    ...(monthOf(38) === monthOf(10)
      ? [`${monthOf(38)} EUR new 2 2 80 ${monthOf(19) === monthOf(10) ? '0.842' : '1'}`]
      : [
          `${monthOf(38)} EUR new 1 1 20 ${monthOf(38) === monthOf(19) ? '0.571' : '1'}`,
          `${monthOf(10)} EUR new 1 1 60 ${monthOf(10) === monthOf(19) ? '0.8' : '1'}`,
        ]),
    `${monthOf(19)} EUR returning 1 1 15 ${returningShare()}`,
  ]),
  value_of_cross_channel_customers: ['EUR false 1 1 55 0.611', 'EUR true 1 2 35 0.389'],
  repeat_rate_by_cohort:
    monthOf(38) === monthOf(10)
      ? [`${monthOf(38)} 2 1 0.5 `]
      : inOrder([`${monthOf(38)} 1 1 1 `, `${monthOf(10)} 1 0 0 `]),
  baskets_by_channel: ['EUR store 3 2.333 1 40 40', 'EUR web 1 1 1 15 15'],
  top_products: ['EUR pot Pot Kitchen/Pots 2 5 75 0', 'EUR lamp Lamp Home/Lighting 2 2 40 0.333'],
  return_rate_by_category: ['EUR Home 3 1 0.333 60 20 0.333', 'EUR Kitchen 5 0 0 75 0 0'],
  conversion_by_first_channel: ['store store 2 2 1', 'web direct 1 0 0', 'web paid_search 1 1 1'],
  time_to_purchase: ['store store 1 1 1 4', 'store web 1 24 24 3', 'web store 1 48 48 4'],
  showrooming_and_webrooming_by_category: ['Kitchen 1 1 1 0', 'Home 0  1 1'],
  click_and_collect_share: [`${monthOf(19)} web 1 1 1`],
  store_visits_to_purchase: ['B 5 2 2 0.4 6'],
  abandoned_carts_by_category: ['Kitchen  1 1 1 1 15', 'Home  1 0 0  '],
  campaign_reach_and_orders: ['spring Spring 1 1 EUR 1 1 20 10'],
  nps_by_phase_and_channel: [
    'after_sales after_sales call_center 1 -100 3',
    'after_sales after_sales email 1 100 9',
  ],
  pain_points: ['store B 0 2 0 2 3 0.667', 'call_center  1 0 0 1 0 '],
  consent_rates: ['ads 2 1 1 0 0.5 0.333'],
  households: [`h EUR 1 2 2 35 ${athenaTime(daysAgo(18))}`, `h  1 0 0 0 ${athenaTime(daysAgo(5))}`],
  as_known_on_a_day: ['converted EUR 1 1 0.5 20', 'open  1 1 0.5 0'],
  quarantine_by_reason_and_source: [
    `invalid_event shop 1 0.1 ${athenaTime(daysAgo(1))} ${athenaTime(daysAgo(1))}`,
  ],
  trace_an_event: [],
}

function returningShare(): string {
  const others = (monthOf(38) === monthOf(19) ? 20 : 0) + (monthOf(10) === monthOf(19) ? 60 : 0)
  return short(String(15 / (15 + others)))
}

function athenaTime(time: Date): string {
  return `${time.toISOString().slice(0, -1).replace('T', ' ')}000`
}

function short(text: string | null): string {
  return text !== null && /^-?[\d.]+(E-?\d+)?$/.test(text)
    ? String(Number(Number(text).toFixed(3)))
    : (text ?? '')
}

it('has a result worked out by hand for each', () => {
  expect(Object.keys(expected).sort()).toEqual(namedQueries.map(({ name }) => name).sort())
})

it.each(namedQueries)('$name: $description', async ({ name, sql }) => {
  const rows = await lake.rows(sql)
  expect(rows.map((row) => row.map(short).join(' '))).toEqual(expected[name])
})

it.each([
  ['a touchpoint', correlationId({ source: 'shop', id: '000003' }), ['touchpoint shop 000003 anna anna  ']],
  ['a touchpoint by its own id', '000003', ['touchpoint shop 000003 anna anna  ']],
  ['a test', correlationId({ source: 'shop', id: '000016' }), ['touchpoint shop 000016    ']],
  ['what was rejected', correlationId({ source: 'shop', id: 'x' }), ['quarantine shop x   Q1 invalid_event']],
  ['another source', correlationId({ source: 'shops', id: '000003' }), []],
])('trace_an_event finds %s', async (_, id, found) => {
  const { sql = '' } = namedQueries.find(({ name }) => name === 'trace_an_event') ?? {}
  const columns = 'place, source, event_id, node_id, person_id, quarantine_id, reason'
  const rows = await lake.rows(`select ${columns} from (${sql.replace('0123456789', id)})`)
  expect(rows.map((row) => row.map((value) => value ?? '').join(' '))).toEqual(found)
})

it.each(namedQueries)('$name begins with what it means', ({ sql }) => {
  expect(sql).toMatch(/^-- /)
  expect(sql).toMatch(/enominator|What is left/)
})
