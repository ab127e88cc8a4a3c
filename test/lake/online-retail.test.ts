import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type JourneyLake, startJourneyLake } from './journey-lake.ts'
import { hasOnlineRetail, onlineRetailRows } from './online-retail-rows.ts'

// Skipped where the data set is missing.
describe.runIf(hasOnlineRetail)('Online Retail in the lake, by SQL', () => {
  let lake: JourneyLake

  beforeAll(async () => {
    lake = await startJourneyLake()
    await lake.hold(await onlineRetailRows())
  }, 120_000)
  afterAll(() => lake.close())

  it('has all lines, invoices and customers', async () => {
    const sql = `select sum(cardinality(items)), count(*), count(distinct coalesce(order_id, refund_id)), count(distinct person_id)
      from touchpoint`
    expect(await lake.rows(sql)).toEqual([['541907', '25898', '25898', '4372']])
  }, 60_000)

  it('has the well-known figures after the usual cleaning: customer known, no cancellation, quantity and price above 0', async () => {
    const sql = `select count(*), count(distinct order_id), count(distinct person_id), sum(amount)
      from order_line
      where line_type = 'item' and person_id is not null and quantity > 0 and price > 0`
    expect(await lake.rows(sql)).toEqual([['397884', '18532', '4338', '8911407.9040']])
  }, 120_000)

  it('has lines that add up to orders', async () => {
    const [lines] = await lake.rows(
      'select sum(net_amount), sum(amount), sum(returned_amount) from order_line',
    )
    const [orders] = await lake.rows('select sum(net), sum(total), sum(returned) from sales_order')
    expect(lines).toEqual(orders)
  }, 120_000)
})
