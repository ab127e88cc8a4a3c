import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { createRandom } from '../../infra/demo/random.ts'
import { lakeRows, millisecondsOf } from '../../infra/repair/lake-rows.ts'
import { openPlaces, type Places } from '../../infra/repair/places.ts'
import { startSystem } from './local-system.ts'
import { apartWorld, smallWorld } from './small-world.ts'

const customerSchema = z.object({
  personId: z.string(),
  kind: z.string(),
  aliases: z.array(z.string()),
  customerId: z.string().nullable(),
  touchpointCount: z.number(),
  orderCount: z.number(),
  netValue: z.array(z.object({ currency: z.string(), amount: z.number() })),
  journeyCount: z.object({ open: z.number(), converted: z.number(), abandoned: z.number() }),
  consents: z.array(z.unknown()),
  profile: z.record(z.string(), z.unknown()),
})
const touchpointSchema = z.object({
  id: z.string(),
  source: z.string(),
  time: z.string(),
  phase: z.string().nullable(),
  journeyId: z.string().nullable(),
})
const journeySchema = z.object({
  journeyId: z.string(),
  status: z.string(),
  startedAt: z.string(),
  endedAt: z.string().nullable(),
  phase: z.string().nullable(),
  channels: z.array(z.string()),
  patterns: z.array(z.string()),
  touchpointCount: z.number(),
  order: z.object({ total: z.number(), currency: z.string() }).nullable(),
  value: z.number(),
  firstTouch: z.object({ channel: z.string() }),
  lastTouch: z.object({ channel: z.string() }),
  experience: z.object({ nps: z.number().nullable() }),
  painPointCount: z.number(),
})
const orderSchema = z.object({
  orderId: z.string().nullable(),
  at: z.string(),
  channel: z.string(),
  status: z.string(),
  currency: z.string(),
  total: z.number(),
  net: z.number(),
})
type Customer = z.infer<typeof customerSchema>

let system: Awaited<ReturnType<typeof startSystem>>
let places: Places
let customers: Customer[] = []

const rows = (sql: string) => Array.fromAsync(lakeRows(sql, places))
const money = (text: string) => Math.round(Number(text) * 100) / 100
const time = (text: string) => (text === '' ? null : new Date(millisecondsOf(text)).toISOString())
const sorted = (values: readonly unknown[][]) => values.map((value) => JSON.stringify(value)).sort()

beforeAll(async () => {
  system = await startSystem()
  const here = join(system.directory, 'endpoints.json')
  places = await openPlaces({ profile: undefined, region: undefined }, here)
  // The same events with other names, so that several small worlds stand side by side.
  const apart = apartWorld(createRandom(11), 80).map((line) =>
    line.replaceAll(/"(e\d+|O-\d|F-\d)"/g, '"a-$1"'),
  )
  const lines = [
    ...smallWorld(createRandom(9), 220),
    ...apart,
    ...nobodys.map((event) => JSON.stringify(event)),
  ]
  await system.put(lines, { partitionKey: (line) => String(line).slice(0, 9) })
  await system.caughtUp(lines.length)
  // By hand, as an operator would: two are joined, and one of two such joins is undone.
  const ids = await personIds()
  const [a, b, c, d] = ids.slice(-4)
  await system.post(`/v1/customers/${a}/merges`, { with: b, reason: 'the same' })
  const { body } = await system.post(`/v1/customers/${c}/merges`, { with: d, reason: 'a mistake' })
  const { personId, mergeId } = z.object({ personId: z.string(), mergeId: z.string() }).parse(body)
  await system.caughtUp()
  await system.post(`/v1/customers/${personId}/merges/${mergeId}/undo`, { reason: 'it was one' })
  await system.caughtUp()
  customers = await Promise.all((await personIds()).map(readCustomer))
}, 120_000)

afterAll(() => system.close())

const cash = { source: 'till', channel: 'store', time: '2026-03-01T10:00:00Z' }
const nobodys = [
  { ...cash, id: 'cash-1', type: 'purchase', order: { id: 'cash-1', total: 20 } },
  { ...cash, id: 'cash-2', type: 'refund', order: { id: 'cash-1', total: 5 } },
  { ...cash, id: 'cash-3', type: 'refund', order: { total: 2.5 } },
]

async function personIds(): Promise<string[]> {
  const found = await rows(
    'select distinct person_id from person_history where valid_to is null order by person_id',
  )
  return found.flatMap(([personId]) => personId ?? [])
}

async function readCustomer(personId: string): Promise<Customer> {
  const { body } = await system.get(`/v1/customers/${personId}`)
  return customerSchema.parse(body)
}

const ofEach = async <T>(read: (customer: Customer) => Promise<T[]>): Promise<T[]> =>
  (await Promise.all(customers.map(read))).flat()

describe('what analysts see is what the API answers', () => {
  it('of persons: they are the same', async () => {
    expect(customers.length).toBeGreaterThan(5)
    expect(customers.some(({ aliases }) => aliases.length > 0)).toBe(true)
    const seen =
      await rows(`select person_id, kind, customer_id, touchpoint_count, order_count, open_journeys,
      converted_journeys, abandoned_journeys from customer`)
    const told = customers.map(
      ({ personId, kind, customerId, journeyCount: { open, converted, abandoned }, ...of }) =>
        [personId, kind, customerId ?? '', of.touchpointCount, of.orderCount, open, converted, abandoned].map(
          String,
        ),
    )
    expect(sorted(seen)).toEqual(sorted(told))
  })

  it('of touchpoints: each once, with its journey', async () => {
    const seen = await rows(`select person_id, source, event_id, event_time, phase, journey_id from touchpoint
      where person_id is not null`)
    const told = await ofEach(async ({ personId }) => {
      const timeline = await system.list(`/v1/customers/${personId}/timeline?limit=100`, touchpointSchema)
      return timeline.map(({ source, id, time: at, phase, journeyId }) => [
        personId,
        source,
        id,
        at,
        phase,
        journeyId,
      ])
    })
    expect(told.length).toBeGreaterThan(250)
    expect(
      sorted(
        seen.map(([who, source, id, at = '', phase, journey]) => [who, source, id, time(at), phase, journey]),
      ),
    ).toEqual(sorted(told.map((row) => row.map((value) => value ?? ''))))
  })

  it('of journeys: status, times, phases, channels, values', async () => {
    const seen =
      await rows(`select person_id, journey_id, status, started_at, ended_at, phase, channels, patterns,
      touchpoint_count, gross_value, currency, value, first_channel, last_channel, nps, pain_points from journey`)
    const told = await ofEach(async ({ personId }) => {
      const journeys = await system.list(`/v1/customers/${personId}/journeys`, journeySchema)
      return journeys.map((journey) => [
        ...[personId, journey.journeyId, journey.status, journey.startedAt, journey.endedAt, journey.phase],
        ...[
          `[${journey.channels.join(', ')}]`,
          `[${journey.patterns.join(', ')}]`,
          `${journey.touchpointCount}`,
        ],
        ...[journey.order?.total ?? 0, journey.order?.currency ?? '', journey.value],
        ...[journey.firstTouch.channel, journey.lastTouch.channel, journey.experience.nps],
        `${journey.painPointCount}`,
      ])
    })
    expect(told.length).toBeGreaterThan(20)
    const shown = seen.map(
      ([
        who,
        id,
        status,
        start = '',
        end = '',
        phase,
        channels,
        patterns,
        count,
        gross = '',
        currency,
        value = '',
        first,
        last,
        nps,
        pain,
      ]) => [
        ...[
          who,
          id,
          status,
          time(start),
          time(end),
          phase,
          channels,
          patterns,
          count,
          money(gross),
          currency,
        ],
        ...[money(value), first, last, nps === '' ? null : Number(nps), pain],
      ],
    )
    expect(sorted(shown)).toEqual(sorted(told))
  })

  it('of steps: as many as the journey has touchpoints, one after the other', async () => {
    const wrong = await rows(`select journey.journey_id, touchpoint_count, count(step), max(step)
      from journey left join journey_step on journey_step.journey_id = journey.journey_id
      group by journey.journey_id, touchpoint_count
      having count(step) <> touchpoint_count or max(step) <> touchpoint_count`)
    expect(wrong).toEqual([])
  })

  it('of orders: time, channel, status, total and what is left', async () => {
    const seen = await rows(`select person_id, order_id, order_time, channel, status, currency, total, net
      from sales_order where person_id is not null and status <> 'unmatched_return'`)
    const told = await ofEach(async ({ personId }) => {
      const orders = await system.list(`/v1/customers/${personId}/orders`, orderSchema)
      return orders.map(({ orderId, at, channel, status, currency, total, net }) => [
        ...[personId, orderId ?? '', at, channel, status, currency, total, net],
      ])
    })
    expect(told.length).toBeGreaterThan(10)
    expect(
      sorted(
        seen.map(([who, id, at = '', channel, status, currency, total = '', net = '']) => [
          ...[who, id, time(at), channel, status, currency, money(total), money(net)],
        ]),
      ),
    ).toEqual(sorted(told))
  })

  it.each([
    'select person_id, currency, sum(net) from sales_order',
    'select person_id, currency, sum(net_amount) from order_line',
  ])('of money: %s is the net value of everybody', async (select) => {
    const seen = await rows(`${select} where person_id is not null group by person_id, currency`)
    const told = customers.flatMap(({ personId, netValue }) =>
      netValue.map(({ currency, amount }) => [personId, currency, amount]),
    )
    // The API leaves out a currency of which nothing is left, or shows it with 0.
    const some = (row: readonly unknown[]) => row[2] !== 0
    const shown = seen.map(([who, currency, net = '']) => [who, currency, money(net)])
    expect(sorted(shown.filter(some))).toEqual(sorted(told.filter(some)))
  })

  it('of nobody: what was bought and given back in cash', async () => {
    const seen = 'select sum(net), sum(total), sum(returned) from sales_order where person_id is null'
    expect(await rows(seen)).toEqual([['12.5000', '20.0000', '7.5000']])
    expect(await rows('select sum(net_amount) from order_line where person_id is null')).toEqual([
      ['12.5000'],
    ])
  })
})
