import { createReadStream, existsSync } from 'node:fs'
import { join } from 'node:path'
import { createGunzip } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { settingsSchema } from '../../functions/runtime/settings.ts'
import { createDecoder, type Decoded } from '../../functions/touchpoint/decode.ts'
import { readInvoices } from '../../infra/replay/online-retail.ts'

const shared = process.env.OMNIJOURNEY_SHARED ?? join(import.meta.dirname, '..', '..', '..', 'shared')
const dataset = join(shared, 'data', 'online-retail', 'online_retail.csv.gz')

const decode = createDecoder(settingsSchema.parse({}))
const header = 'InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country'

async function* chunksOf(lines: readonly string[]) {
  yield Buffer.from(`${[header, ...lines].join('\n')}\n`)
}

function decoded(event: unknown): Decoded | undefined {
  return decode(Buffer.from(JSON.stringify(event)), new Date('2026-11-22T12:00:00Z'))[0]
}

describe('Online Retail', () => {
  it('becomes one event of each invoice, though another stands between its lines', async () => {
    const events = await readInvoices(
      chunksOf([
        '700001,A1,"BOWL, BLUE",6,2010-12-01 08:26:00,2.55,17850.0,EIRE',
        '700002,B2,,1,2010-12-01 08:27:00,0.001,,Channel Islands',
        '700001,A2,CUP,1,2010-12-01 08:28:00,3.39,17850.0,EIRE',
      ]),
    )
    expect(events).toEqual([
      {
        id: '700001',
        source: 'online-retail',
        time: '2010-12-01T08:26:00Z',
        channel: 'web',
        type: 'purchase',
        identifiers: [{ type: 'customer_id', value: '17850' }],
        items: [
          { sku: 'A1', name: 'BOWL, BLUE', quantity: 6, price: 2.55 },
          { sku: 'A2', name: 'CUP', quantity: 1, price: 3.39 },
        ],
        order: { id: '700001', currency: 'GBP' },
        location: { country: 'IE' },
      },
      {
        id: '700002',
        source: 'online-retail',
        time: '2010-12-01T08:27:00Z',
        channel: 'web',
        type: 'purchase',
        items: [{ sku: 'B2', quantity: 1, price: 0.001 }],
        order: { id: '700002', currency: 'GBP' },
      },
    ])
    expect(events.map((event) => decoded(event)?.kind)).toEqual(['event', 'event'])
  })

  it('turns the signs of cancellations, which do not know their order', async () => {
    const [event] = await readInvoices(
      chunksOf(['C700003,A1,BOWL,-6,2010-12-02 08:26:00,2.55,17850.0,France']),
    )
    expect(event).toMatchObject({
      id: 'C700003',
      type: 'cancellation',
      items: [{ quantity: 6, price: 2.55 }],
      order: { refundId: 'C700003', currency: 'GBP' },
    })
    expect(event?.order).not.toHaveProperty('id')
  })

  it('leaves what makes no valid event to quarantine', async () => {
    const events = await readInvoices(
      chunksOf([
        'A700004,B,Adjust bad debt,1,2011-08-12 14:51:00,-11062.06,,United Kingdom',
        '700005,A1,BOWL,many,2010-12-02 08:26:00,2.55,17850.0,France',
        'C700006,A1,BOWL,6,2010-12-02 08:26:00,2.55,17850.0,France',
      ]),
    )
    expect(events.map(decoded)).toMatchObject([
      { reason: 'invalid_event', detail: expect.stringMatching(/^items\[0\]\.price is -11062\.06/) },
      { reason: 'invalid_event', detail: expect.stringMatching(/^items\[0\]\.quantity is "many"/) },
      {
        reason: 'invalid_event',
        detail: expect.stringMatching(/^items\[0\]\.quantity is -6; it must be positive/),
      },
    ])
  })

  it.each([
    ['a line that is cut off', ['700001,A1,BOWL,6,2010-12'], /cut off: .* on line 2/],
    ['a quote that does not close', ['700001,A1,"BOWL'], /cut off: /],
  ])('says where the file is broken: %s', async (_, lines, message) => {
    await expect(readInvoices(chunksOf(lines))).rejects.toThrow(message)
  })

  it('says that a file is another one', async () => {
    async function* other() {
      yield Buffer.from('a,b\n1,2\n')
    }
    await expect(readInvoices(other())).rejects.toThrow('this is not Online Retail')
  })

  it.skipIf(!existsSync(dataset))(
    'is 25,900 events, all but two valid (skipped where ../shared/data is missing)',
    async () => {
      const invoices = await readInvoices(createReadStream(dataset).pipe(createGunzip()))
      expect(invoices).toHaveLength(25_900)
      expect(invoices.filter((invoice) => invoice.identifiers === undefined)).toHaveLength(3_710)
      expect(invoices.filter((invoice) => invoice.type === 'cancellation')).toHaveLength(3_836)
      expect(Math.max(...invoices.map((invoice) => invoice.items.length))).toBe(1_114)
      expect(invoices.reduce((sum, invoice) => sum + invoice.items.length, 0)).toBe(541_909)
      const rejected = invoices.map(decoded).filter((record) => record?.kind === 'rejected')
      expect(rejected).toMatchObject([
        { eventId: 'A563186', reason: 'invalid_event' },
        { eventId: 'A563187', reason: 'invalid_event' },
      ])
    },
    120_000,
  )
})
