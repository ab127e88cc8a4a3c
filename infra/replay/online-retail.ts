import { pipeline } from 'node:stream/promises'
import { parse } from 'csv-parse'
import { z } from 'zod'
import { countryCodes } from './countries.ts'
import { messageOf, ReplayFailure } from './failure.ts'

const columns = [
  'InvoiceNo',
  'StockCode',
  'Description',
  'Quantity',
  'InvoiceDate',
  'UnitPrice',
  'CustomerID',
  'Country',
] as const

const cell = z.string()
const rowSchema = z.tuple([cell, cell, cell, cell, cell, cell, cell, cell])
type Row = z.infer<typeof rowSchema>

type Line = { sku: string; name?: string; quantity: number | string; price: number | string }
export type Invoice = ReturnType<typeof begin>

/**
 * The invoices of UCI Online Retail as events, in the order of their first lines; the whole file is
 * read first, for the lines of an invoice need not stand together.
 *
 * Figures go as they are, also where they make no valid event: two corrections of bad debt
 * (A563186, A563187) have a negative price and belong in quarantine. Write-offs of stock are purchases with
 * negative quantities at price 0, which is valid.
 */
export async function readInvoices(chunks: AsyncIterable<Uint8Array>): Promise<Invoice[]> {
  const invoices = new Map<string, Invoice>()
  for await (const row of readRows(chunks)) {
    const [number] = row
    let invoice = invoices.get(number)
    if (invoice === undefined) {
      invoice = begin(row)
      invoices.set(number, invoice)
    }
    invoice.items.push(line(row))
  }
  return [...invoices.values()]
}

async function* readRows(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Row> {
  const parser = parse({ bom: true, skip_empty_lines: true })
  // Whoever reads the rows sees the error; this only carries it there.
  pipeline(chunks, parser).catch(() => undefined)
  let header = true
  try {
    for await (const cells of parser) {
      const row = rowSchema.safeParse(cells)
      const isHeader = row.success && row.data.every((name, index) => name === columns[index])
      if (!row.success || (header && !isHeader))
        throw new ReplayFailure(`this is not Online Retail: its first line must be ${columns.join(',')}`)
      if (!header) yield row.data
      header = false
    }
  } catch (error) {
    if (error instanceof ReplayFailure) throw error
    throw new ReplayFailure(`the CSV is broken or cut off: ${messageOf(error)}`, { cause: error })
  }
}

function begin([number, , , , date, , customer, country]: Row) {
  const isCancellation = number.startsWith('C')
  const customerId = customer.replace(/\.0$/, '')
  const code = countryCodes.get(country)
  const items: Line[] = []
  return {
    id: number,
    source: 'online-retail',
    time: `${date.replace(' ', 'T')}Z`,
    channel: 'web',
    type: isCancellation ? 'cancellation' : 'purchase',
    ...(customerId === '' ? {} : { identifiers: [{ type: 'customer_id', value: customerId }] }),
    items,
    // A cancellation does not say which order it takes back.
    order: { [isCancellation ? 'refundId' : 'id']: number, currency: 'GBP' },
    ...(code === undefined ? {} : { location: { country: code } }),
  }
}

function line([number, sku, name, quantity, , price]: Row): Line {
  return {
    sku,
    ...(name === '' ? {} : { name }),
    // Cancellations have negative quantities throughout, events of returns positive ones.
    quantity: figure(number.startsWith('C') ? turned(quantity) : quantity),
    price: figure(price),
  }
}

/** The sign of a figure is turned in its text, so that no arithmetic touches it. */
function turned(text: string): string {
  return text.startsWith('-') ? text.slice(1) : `-${text}`
}

function figure(text: string): number | string {
  return /^-?\d+(\.\d+)?$/.test(text) ? Number(text) : text
}
