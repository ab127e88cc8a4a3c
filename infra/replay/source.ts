import type { Format } from './arguments.ts'
import { ReplayFailure } from './failure.ts'
import { openInputFile } from './input-file.ts'
import { readLines } from './lines.ts'
import { readInvoices } from './online-retail.ts'

export type Source = {
  /** What becomes one record each. */
  records: AsyncIterable<Uint8Array>
  /** How much of the source has been handed out, from 0 to 1. */
  fractionRead: () => number
}

export async function openSource(path: string, format: Format): Promise<Source> {
  switch (format) {
    case 'native':
    case 'cloudevents': {
      const { chunks, fractionRead } = await openInputFile(path)
      return { records: readLines(chunks), fractionRead }
    }
    case 'online-retail':
      return invoiceSource(path)
    case 'segment':
    case 'ecom-csv':
      throw new ReplayFailure(`the format ${format} is not supported yet`, { exitCode: 2 })
  }
}

async function invoiceSource(path: string): Promise<Source> {
  const { chunks } = await openInputFile(path)
  let fraction = 0
  async function* records() {
    const invoices = await readInvoices(chunks)
    for (const [index, invoice] of invoices.entries()) {
      fraction = (index + 1) / invoices.length
      yield Buffer.from(JSON.stringify(invoice))
    }
    fraction = 1
  }
  return { records: records(), fractionRead: () => fraction }
}
