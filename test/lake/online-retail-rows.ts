import { createReadStream, existsSync } from 'node:fs'
import { join } from 'node:path'
import { createGunzip } from 'node:zlib'
import type { Row } from '../../functions/lake/row.ts'
import { type Invoice, readInvoices } from '../../infra/replay/online-retail.ts'
import { touchpointRowOf } from './journey-truth.ts'

const shared = process.env.OMNIJOURNEY_SHARED ?? join(import.meta.dirname, '..', '..', '..', 'shared')
const dataset = join(shared, 'data', 'online-retail', 'online_retail.csv.gz')

/** Online Retail (UCI Machine Learning Repository, id 352). */
export const hasOnlineRetail = existsSync(dataset)

/** Two corrections of bad debt have negative prices: they are no valid events. */
const isValid = ({ id }: Invoice) => id !== 'A563186' && id !== 'A563187'

/** Its invoices as rows of the lake, each customer at a node of the same name. */
export async function onlineRetailRows(): Promise<Row[]> {
  const invoices = await readInvoices(createReadStream(dataset).pipe(createGunzip()))
  return invoices.filter(isValid).map(({ identifiers: [customer] = [], time, ...event }) =>
    touchpointRowOf({
      ...event,
      time: new Date(time).toISOString(),
      nodeId: customer?.value ?? '',
      fingerprint: '',
    }),
  )
}
