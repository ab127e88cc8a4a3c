import { createReadStream, existsSync } from 'node:fs'
import { join } from 'node:path'
import { createGunzip } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { retail } from '../../functions/journey/model.ts'
import { touchpointRow } from '../../functions/lake/touchpoint-row.ts'
import { type Invoice, readInvoices } from '../../infra/replay/online-retail.ts'
import { type JourneyLake, startJourneyLake } from './journey-lake.ts'

const shared = process.env.OMNIJOURNEY_SHARED ?? join(import.meta.dirname, '..', '..', '..', 'shared')
const dataset = join(shared, 'data', 'online-retail', 'online_retail.csv.gz')

/** Two corrections of bad debt have negative prices: they are no valid events. */
const isValid = ({ id }: Invoice) => id !== 'A563186' && id !== 'A563187'

function rowOf(invoice: Invoice) {
  const { identifiers: [customer] = [], time, ...event } = invoice
  const stored = {
    ...event,
    time: new Date(time).toISOString(),
    nodeId: customer?.value ?? '',
    fingerprint: '',
  }
  return touchpointRow(stored, { nodeId: customer?.value ?? null, receivedAt: new Date(), model: retail })
}

// Skipped where the data set is missing.
describe.runIf(existsSync(dataset))('Online Retail in the lake, by SQL', () => {
  let lake: JourneyLake

  beforeAll(async () => {
    lake = await startJourneyLake()
    const invoices = await readInvoices(createReadStream(dataset).pipe(createGunzip()))
    await lake.hold(invoices.filter(isValid).map(rowOf))
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
