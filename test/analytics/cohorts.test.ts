import { afterAll, beforeAll, expect, it } from 'vitest'
import { cohorts } from '../../functions/analytics/cohorts/analysis.ts'
import { type JourneyLake, startJourneyLake } from '../lake/journey-lake.ts'
import { isCustomer, randomShop } from './shop.ts'
import { event, lakeRows, near, on, order, resultsOf, sorted } from './world.ts'

let lake: JourneyLake

beforeAll(async () => {
  lake = await startJourneyLake()
})
afterAll(() => lake?.close())

const to = on('07-01', 0)
const [february, may] = ['2026-02-01', '2026-05-01']

const people = [
  // Seen by e-mail in January, bought first on the last day of February.
  event('ada', on('01-01'), 'email', 'email_open'),
  event('ada', on('02-28', 23.9), 'web', 'purchase', order('A1', 10)),
  event('ada', on('03-01', 0), 'web', 'purchase', order('A2', 20)),
  event('ada', on('03-02'), 'web', 'purchase', order('A3', 20)),
  event('ben', on('02-01'), 'email', 'email_open'),
  event('ben', on('02-02'), 'store', 'purchase', order('B1', 40)),
  event('ben', on('02-03'), 'store', 'refund', order('B1', 40, { refundId: 'R1' })),
  // Of an order that nobody knows, before the first one.
  event('cleo', on('04-30'), 'store', 'refund', order('unknown', 4)),
  event('cleo', on('05-01'), 'store', 'purchase', order('C1', 30, { currency: 'GBP' })),
  event('dan', to, 'store', 'purchase', order('D1', 30)),
  event('eve', on('05-01'), 'web', 'view_item'),
  event('tablet', on('05-01'), 'web', 'purchase', order('T1', 30)),
  event('', on('05-01'), 'web', 'purchase', order('N1', 30)),
]

it('tells month by month who bought again and what it came to', async () => {
  await lake.hold(lakeRows(people, ['tablet']))
  expect(await resultsOf(lake, cohorts, { to })).toEqual([
    row(february, 'email', 0, { customers: 2, active_customers: 2, orders: 2, revenue: 10 }),
    row(february, 'email', 1, { customers: 2, active_customers: 1, orders: 2, revenue: 40 }),
    row(february, 'email', 2, { customers: 2 }),
    row(february, 'email', 3, { customers: 2 }),
    row(may, 'store', 0, { revenue: -4 }),
    row(may, 'store', 0, { active_customers: 1, orders: 1, currency: 'GBP', revenue: 30 }),
  ])
})

it('the value of a lifetime is what came in so far, by customer', async () => {
  const rows = await lake.table(
    `select month, currency, customers, revenue, revenue_per_customer from lifetime_value
      where cohort_month = date '2026-02-01' order by month`,
  )
  expect(rows.map(({ revenue, revenue_per_customer }) => [revenue, revenue_per_customer])).toEqual([
    ['10.0000', '5.0'],
    ['50.0000', '25.0'],
    ['50.0000', '25.0'],
    ['50.0000', '25.0'],
  ])
})

it('takes the cohorts of the window, and the first order ever', async () => {
  const found = await resultsOf(lake, cohorts, { from: on('03-01', 0), to: on('05-02') })
  expect(found.map(({ cohort_month, month, currency }) => [cohort_month, month, currency])).toEqual([
    [may, 0, 'EUR'],
    [may, 0, 'GBP'],
  ])
})

it('without orders there are no cohorts', async () => {
  await lake.hold(
    lakeRows(
      people.filter(({ nodeId }) => ['eve', 'tablet', ''].includes(nodeId)),
      ['tablet'],
    ),
  )
  expect(await resultsOf(lake, cohorts, { to })).toEqual([])
})

it.each([4, 5])('what it finds in made-up shop %i is what another implementation finds', async (seed) => {
  const shop = randomShop({ seed, count: 30 })
  await lake.hold(shop.rows)
  const until = on('05-20', 12.3)
  const found = await resultsOf(lake, cohorts, { to: until })
  expect(found).toEqual(sorted(counted(shop, until)))
  expect(found.some(({ month, orders }) => Number(month) > 2 && Number(orders) > 0)).toBe(true)
  expect(await resultsOf(lake, cohorts, { to: until })).toEqual(found)
})

it('what all cohorts brought is what their customers are worth', async () => {
  const shop = randomShop({ seed: 6, count: 30 })
  await lake.hold(shop.rows)
  const found = await resultsOf(lake, cohorts)
  const revenue = (currency: string) =>
    found.reduce((sum, row) => sum + (row.currency === currency ? Number(row.revenue) : 0), 0)
  const net = await lake.rows(
    `select currency, cast(sum(net) as varchar) from sales_order
      where person_id in (select person_id from customer where order_count > 0 and kind = 'person')
      group by currency order by currency`,
  )
  expect(['EUR', 'GBP'].map((currency) => [currency, revenue(currency).toFixed(4)])).toEqual(net)
  const channels = await lake.rows(
    `select first_channel, cast(count(*) as varchar) from customer where order_count > 0 and kind = 'person'
      group by first_channel order by first_channel`,
  )
  const sizes = Map.groupBy(found, ({ first_channel }) => String(first_channel))
  const counted = [...sizes].map(([channel, own]) => {
    const months = new Map(own.map(({ cohort_month, customers }) => [cohort_month, Number(customers)]))
    return [channel, String([...months.values()].reduce((sum, size) => sum + size, 0))]
  })
  expect(counted.sort()).toEqual(channels)
})

function counted({ orders, touches, unknownReturns }: ReturnType<typeof randomShop>, until: string) {
  const isCounted = (one: { personId: string; ms: number }) => isCustomer(one) && one.ms < Date.parse(until)
  const monthOf = (ms: number) =>
    Number(new Date(ms).toISOString().slice(0, 4)) * 12 + new Date(ms).getUTCMonth()
  const bought = orders.filter(isCounted)
  const seen = [...orders, ...touches, ...unknownReturns].filter(isCustomer).sort((a, b) => a.ms - b.ms)
  const cohortOf = (personId: string) => {
    const first = Math.min(...bought.filter((one) => one.personId === personId).map(({ ms }) => ms))
    const channel = seen.find((one) => one.personId === personId)?.channel ?? ''
    return { number: monthOf(first), channel, key: `${monthOf(first)} ${channel}` }
  }
  const customers = [...new Set(bought.map(({ personId }) => personId))]
  const returned = unknownReturns.filter((one) => isCounted(one) && customers.includes(one.personId))
  const paid = [...bought, ...returned].map((one) => {
    const { number, key } = cohortOf(one.personId)
    return { ...one, key, month: Math.max(0, monthOf(one.ms) - number), isOrder: one.net >= 0 }
  })
  const latest = Math.max(...paid.map(({ personId, month }) => cohortOf(personId).number + month))
  return [...Map.groupBy(customers, (personId) => cohortOf(personId).key).values()].flatMap((members) => {
    const { number, channel, key } = cohortOf(members[0] ?? '')
    const own = paid.filter((one) => one.key === key)
    const cohortMonth = new Date(Date.UTC(Math.floor(number / 12), number % 12)).toISOString().slice(0, 10)
    return [...new Set(own.map(({ currency }) => currency))].flatMap((currency) =>
      Array.from({ length: latest - number + 1 }, (_, month) => {
        const then = own.filter((one) => one.month === month && one.currency === currency)
        const placed = then.filter(({ isOrder }) => isOrder)
        return row(cohortMonth, channel, month, {
          customers: members.length,
          active_customers: new Set(placed.map(({ personId }) => personId)).size,
          orders: placed.length,
          currency,
          revenue: near(then.reduce((sum, { net }) => sum + net, 0)),
        })
      }),
    )
  })
}

function row(cohort_month: string, first_channel: string, month: number, more: object) {
  const nothing = { customers: 1, active_customers: 0, orders: 0, currency: 'EUR', revenue: 0 }
  return { cohort_month, first_channel, month, ...nothing, ...more }
}
