import type { Row } from '../../functions/lake/row.ts'
import { touchpointRowOf } from '../lake/journey-truth.ts'

export interface Basket {
  items: readonly (string | object)[]
  channel?: string
  store?: string
  time?: string
}

/** An order of nobody for each basket; an item that is only a name is a sku. */
export const basketRows = (baskets: readonly Basket[]): Row[] =>
  baskets.map(({ items, channel = 'web', store, time = '2026-03-01T10:00:00.000Z' }, at) =>
    touchpointRowOf({
      id: `basket-${at}`,
      source: 'test',
      time,
      channel,
      type: 'purchase',
      nodeId: '',
      fingerprint: '',
      order: { id: `O${at}`, currency: 'EUR' },
      items: items.map((item) =>
        typeof item === 'string' ? { sku: item, quantity: 1, price: 1 } : { quantity: 1, price: 1, ...item },
      ),
      ...(store !== undefined && { location: { storeId: store } }),
    }),
  )
