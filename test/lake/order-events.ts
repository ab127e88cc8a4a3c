import fc from 'fast-check'
import { retail } from '../../functions/journey/model.ts'
import type { Row } from '../../functions/lake/row.ts'
import { lakeTables } from '../../functions/lake/tables.ts'
import { touchpointRow } from '../../functions/lake/touchpoint-row.ts'
import type { StoredTouchpoint } from '../../functions/store/touchpoints.ts'

/** An event as it is stored; the node of nobody is empty. */
export type Told = StoredTouchpoint & { nodeId: string }

/** Whose node it is; nobody's is not here. */
export const personOf: ReadonlyMap<string, string> = new Map([
  ['n1', 'p1'],
  ['n2', 'p1'],
  ['n3', 'p2'],
])

const receivedAt = new Date('2026-06-01T00:00:00Z')

export const rowOf = (told: Told): Row =>
  touchpointRow(told, { nodeId: told.nodeId || null, receivedAt, model: retail })

/** The rows of identity_map, with an older version that does not hold any more. */
export const identityRows = (): Row[] =>
  [...personOf].flatMap(([node_id, person_id]) =>
    [`former-${node_id}`, person_id].map((owner, version) => ({
      ...{ node_id, person_id: owner, kind: 'person', customer_id: null, loyalty_id: null },
      ...{ household_id: null, version, changed_at: receivedAt.getTime() * 1000 + version },
    })),
  )

const optional = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined })
const money = (most: number, decimals: number) =>
  fc.integer({ min: 0, max: most * 10 ** decimals }).map((value) => value / 10 ** decimals)

const item = fc
  .record({
    sku: fc.constantFrom('x', 'y', 'z'),
    pieces: fc.constantFrom(1, 1, 2, 3, 0.5, 0.333, 1.125, -1),
    price: optional(fc.oneof(fc.constantFrom(0, 10, 20), money(20, 4))),
    amount: optional(money(30, 2)),
  })
  .map(({ pieces, ...told }) => ({ ...told, quantity: pieces }))

const sent = fc.record({
  type: fc.constantFrom('purchase', 'purchase', 'purchase', 'refund', 'refund', 'cancellation', 'delivery'),
  nodeId: fc.constantFrom('', 'n1', 'n1', 'n2', 'n3'),
  day: fc.nat({ max: 6 }),
  channel: fc.constantFrom('web', 'store', 'app'),
  storeId: fc.constantFrom(undefined, 'B-MITTE', 'K'),
  source: fc.constantFrom('s', 'shop/\u{1f6d2}', 'shop/\uffee'),
  id: fc.constantFrom(undefined, 'A', 'A', 'A', 'B', 'B', 'C'),
  refundId: fc.constantFrom(undefined, undefined, undefined, 'F', 'G'),
  total: fc.oneof(
    { weight: 3, arbitrary: fc.constant(undefined) },
    { weight: 2, arbitrary: money(60, 2) },
    { weight: 1, arbitrary: fc.constantFrom(0, 10, 0.0001) },
  ),
  currency: fc.constantFrom(undefined, undefined, 'EUR', 'GBP'),
  fulfilment: fc.constantFrom(undefined, 'ship', 'pickup'),
  tax: optional(money(5, 2)),
  items: fc.oneof(fc.constant(undefined), fc.array(item, { maxLength: 4 })),
})

const start = Date.UTC(2026, 0, 1)

/** What a refund tells is positive; a line's amount has the sign of its quantity. */
function signed(line: { quantity: number; amount?: number | undefined }, type: string) {
  const quantity = type === 'purchase' ? line.quantity : Math.abs(line.quantity)
  return line.amount === undefined
    ? { ...line, quantity }
    : { ...line, quantity, amount: quantity < 0 ? -line.amount : line.amount }
}

/** Reports of orders by two persons and nobody: few numbers, so that many speak of the same. */
export const orderEvents: fc.Arbitrary<Told[]> = fc.array(sent, { minLength: 1, maxLength: 40 }).map((all) =>
  all.map(({ type, nodeId, day, channel, storeId, source, items, refundId, ...order }, index) => ({
    id: `e${index}`,
    source,
    time: new Date(start + day * 86_400_000).toISOString(),
    channel,
    type,
    nodeId,
    fingerprint: `f${index}`,
    ...(storeId && { location: { storeId } }),
    order: { ...order, ...(type !== 'purchase' && { refundId }) },
    ...(items && { items: items.map((line) => signed(line, type)) }),
  })),
)

/** A row of journey_log that says which order a journey converted by. */
export function journeyRow(orderKey: string): Row {
  const columns = lakeTables.find(({ name }) => name === 'journey_log')?.fields ?? []
  const nothing = Object.fromEntries(columns.map(({ name }) => [name, null]))
  return { ...nothing, journey_id: `of ${orderKey}`, order_key: orderKey, started_at: start * 1000 }
}
