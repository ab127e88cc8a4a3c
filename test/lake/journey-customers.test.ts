import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Row } from '../../functions/lake/row.ts'
import type { Told } from './journey-events.ts'
import { type JourneyLake, startJourneyLake } from './journey-lake.ts'
import { bought, day, told } from './journey-told.ts'
import { identityRow, touchpointRowOf } from './journey-truth.ts'

let lake: JourneyLake

beforeAll(async () => {
  lake = await startJourneyLake()
})

afterAll(() => lake.close())

describe('a customer', () => {
  const inStore = (storeId: string) => ({ channel: 'store', location: { storeId } })
  const customer = async (columns: string, events: readonly Told[], identities: readonly Row[] = []) => {
    await lake.hold([...events.map((one) => touchpointRowOf(one)), ...identities])
    return (await lake.rows(`select ${columns} from customer order by person_id`)).map((row) => row.join(' '))
  }

  it('is there without touchpoints, too, and with nothing told of its node', async () => {
    const rows = [
      identityRow({ node_id: 'a', person_id: 'a' }),
      identityRow({ node_id: 'd', person_id: 'd', kind: 'shared_device' }),
    ]
    const columns = `person_id, kind, touchpoint_count, order_count, purchase_channels, is_cross_channel, currency,
      cast(net_value as varchar), open_journeys, profile`
    const nothing = '0 0 [] false  0.0000 0 {}'
    expect(await customer(columns, [told(0, 'search', { node: 'z' })], rows)).toEqual([
      `a person ${nothing}`,
      `d shared_device ${nothing}`,
      `z person 1 ${nothing.slice(2)}`,
    ])
  })

  it('has the money of its latest currency, with what came back of unknown orders', async () => {
    const pounds = (total: number, id?: string) => ({ order: { ...(id && { id }), total, currency: 'GBP' } })
    const events = [
      bought(0, 'A'),
      bought(1, 'B', pounds(20, 'B')),
      bought(2, 'C', pounds(30, 'C')),
      told(3, 'refund', pounds(5, 'C')),
      told(4, 'refund', pounds(7)),
      told(5, 'refund', { order: { total: 1 } }),
    ]
    const columns = `order_count, currency, cast(gross_value as varchar), cast(returned_value as varchar),
      cast(net_value as varchar)`
    expect(await customer(columns, events)).toEqual(['3 GBP 50.0000 12.0000 38.0000'])
  })

  it('buys on channels, in a store that is its own', async () => {
    const columns = `first_channel, first_order_channel, last_order_channel, purchase_channels, is_cross_channel,
      home_store_id, preferred_channel, preferred_purchase_channel`
    const events = [
      told(0, 'search', { channel: 'app' }),
      ...[1, 2, 3].map((hours) => told(hours, 'store_enter', inStore('K'))),
      bought(4, 'A', inStore('B')),
      bought(5, 'B', { channel: 'web' }),
    ]
    expect(await customer(columns, events)).toEqual(['app store web [store, web] true B store web'])
    expect(await customer(columns, events.slice(0, 4))).toEqual(['app   [] false K store '])
  })

  it('prefers what is recent, by name where there is no difference, and not where it was only shown something', async () => {
    const columns = 'preferred_channel, preferred_purchase_channel'
    const shown = [1, 2, 3].map((hours) => told(hours, 'email_sent', { channel: 'email' }))
    const old = [0, 0].map(() => told(-91 * day, 'search', { channel: 'app' }))
    expect(await customer(columns, [...shown, ...old, told(0, 'search')])).toEqual(['web '])
    const equal = ['web', 'store', 'app'].flatMap((channel, at) => [
      told(0, 'search', { channel }),
      bought(0, `O${at}`, { channel }),
    ])
    expect(await customer(columns, equal)).toEqual(['app app'])
  })

  it('has the anchors of its oldest node that has some, and a household of at most 8', async () => {
    const nodes = [
      { node_id: 'b', person_id: 'a', day: 2, customer_id: 'C-b', loyalty_id: 'L-b' },
      { node_id: 'c', person_id: 'a', day: 1, loyalty_id: 'L-c', household_id: 'kiosk' },
      { node_id: 'a', person_id: 'a', day: 3, household_id: 'home' },
      { node_id: 'x', person_id: 'x', household_id: 'home' },
      ...Array.from({ length: 8 }, (_, at) => ({
        node_id: `y${at}`,
        person_id: `y${at}`,
        household_id: 'kiosk',
      })),
    ]
    const found = await customer(
      'person_id, customer_id, loyalty_id, household_id',
      [],
      nodes.map(identityRow),
    )
    expect(found.slice(0, 3)).toEqual(['a C-b L-c home', 'x   home', 'y0   '])
  })
})

it('campaigns and their costs are those of the latest version, but for those that are gone', async () => {
  const row = {
    ...{ campaign_id: 'a', name: 'first', channel: 'ad', starts_on: 20_000, ends_on: null, currency: 'EUR' },
    ...{ target_conversions: 1.5, target_revenue: '10.0000', target_roas: null, holdout_share: 0.1 },
    ...{ costs: [{ day: 20_001, amount: '1.2500' }], version: 1, changed_at: 0, is_gone: false },
  }
  const later = { ...row, name: 'second', costs: [{ day: 20_002, amount: '2.5000' }], version: 2 }
  await lake.hold([
    row,
    later,
    later,
    { ...row, campaign_id: 'b' },
    { ...later, campaign_id: 'b', is_gone: true },
  ])
  expect(await lake.rows('select * from campaign')).toEqual([
    ['a', 'second', 'ad', '2024-10-04', null, 'EUR', '1.5', '10.0000', null, '0.1'],
  ])
  expect(await lake.rows('select * from campaign_cost')).toEqual([['a', '2024-10-06', 'EUR', '2.5000']])
})

it('consents are those said last of a purpose, also within one event', async () => {
  const say = (hours: number, ...statuses: string[]) =>
    told(hours, 'consent_change', { consents: statuses.map((status) => ({ purpose: 'ads', status })) })
  await lake.hold([say(1, 'denied', 'granted'), say(0, 'revoked')].map((one) => touchpointRowOf(one)))
  expect(await lake.rows('select * from consent')).toEqual([
    ['n', 'ads', 'granted', '2026-06-01 01:00:00.000000'],
  ])
})
