import { fold } from '../../functions/journey/fold.ts'
import { emptyLedger, emptyState } from '../../functions/journey/fold-state.ts'
import { retail } from '../../functions/journey/model.ts'
import { eventUnits } from '../../functions/journey/money.ts'
import { leftOfOrder, newOrder, type Order, withPurchase } from '../../functions/journey/order.ts'
import { type OrderTouch, showOrder, toOrderTouch } from '../../functions/journey/order-view.ts'
import { comparePositions, sortTouches } from '../../functions/journey/touch.ts'
import { touchKey } from '../../functions/lake/journey-row.ts'
import { moneyText } from '../../functions/lake/row.ts'
import { personOf, type Told } from './order-events.ts'

const currency = 'EUR'

/** A row of sales_order as the journeys have it. */
export type TrueOrder = {
  key: string
  person: string | null
  number: number | null
  at: string
  channel: string
  store: string | null
  fulfilment: string | null
  currency: string
  total: string
  net: string
  status: string
  returned: number[]
  /** Refunds with a total and no items: of several the quantities of lines are not told alike. */
  shares: number
}

/** The orders and unmatched returns of everybody, and the net value of each, in units by person and currency. */
export function trueOrders(told: readonly Told[]) {
  const owners = new Map<string | null, OrderTouch[]>()
  for (const one of told) {
    const person = personOf.get(one.nodeId) ?? null
    owners.set(person, [...(owners.get(person) ?? []), toOrderTouch(one)])
  }
  const persons = [...owners].map(([person, touches]) => ofPerson(person, sortTouches(touches)))
  return {
    orders: persons.flatMap(({ orders }) => orders),
    nets: persons.map(({ person, net }) => ({ person, net })),
  }
}

function ofPerson(person: string | null, touches: readonly OrderTouch[]) {
  const ledger = emptyLedger()
  const state = fold(emptyState, touches, ledger, { model: retail, currency, journeys: false })
  const counted = touches.filter(
    ({ type, order, position }) =>
      !isReturn(type) ||
      order?.refundId === undefined ||
      ledger.refunds.get(order.refundId)?.first === position,
  )
  const numbered = [...ledger.orders.values()].flatMap((order) =>
    order.at === null
      ? []
      : [
          shown(
            order,
            counted.filter((touch) => touch.order?.id === order.orderId),
          ),
        ],
  )
  const alone = counted.flatMap((touch) =>
    touch.type === 'purchase' && touch.order?.id === undefined
      ? [shown(withPurchase(newOrder('', touch), touch, null), [touch])]
      : [],
  )
  const bought = [...numbered, ...alone].sort((a, b) => comparePositions(a.place, b.place))
  return {
    person,
    net: state.summary.net,
    orders: [
      ...bought.map(({ place: _, ...order }, index) => ({
        ...order,
        number: person === null ? null : index + 1,
      })),
      ...counted.flatMap((touch) => (isUnmatched(touch) ? [unmatched(touch)] : [])),
    ],
  }

  function isUnmatched({ type, order, items }: OrderTouch): boolean {
    if (!isReturn(type)) return false
    const of = order?.id === undefined ? undefined : ledger.orders.get(order.id)
    if (!of || of.at === null) return true
    const own = of.currency ?? currency
    return eventUnits({ order, items }) !== null && (order?.currency ?? own) !== own
  }

  function shown(order: Order, reports: readonly OrderTouch[]) {
    const view = showOrder(reports, person, currency)
    const first = reports.find(({ type }) => type === 'purchase')
    if (!view || !first) throw new Error('an order without a purchase')
    const own = order.currency ?? currency
    return {
      key: view.orderId === null ? ownKey(first) : `${person ?? 'nobody'}/${view.orderId}`,
      person,
      place: touchKey(first.position),
      ...{
        at: view.at,
        channel: view.channel,
        store: view.storeId,
        fulfilment: view.fulfilment,
        currency: own,
      },
      total: moneyText(BigInt(order.amount ?? '0')),
      net: moneyText(leftOfOrder(order, own)),
      status: view.status,
      returned: view.items.map(({ returnedQuantity }) => returnedQuantity),
      shares: reports.filter(isShare).length,
    }
  }

  function unmatched(touch: OrderTouch): TrueOrder {
    return {
      ...{
        key: ownKey(touch),
        person,
        number: null,
        at: touch.time,
        channel: touch.channel,
        store: touch.storeId,
      },
      ...{ fulfilment: null, currency: touch.order?.currency ?? currency, total: '0.0000' },
      net: moneyText(-(eventUnits(touch) ?? 0n)),
      ...{ status: 'unmatched_return', returned: [], shares: 0 },
    }
  }
}

const isReturn = (type: string): boolean => type === 'refund' || type === 'cancellation'

const isShare = ({ type, order, items = [] }: OrderTouch): boolean =>
  isReturn(type) && items.length === 0 && order?.total !== undefined

const ownKey = ({ nodeId, position }: OrderTouch): string =>
  `${nodeId || 'nobody'}/${touchKey(position).replaceAll('\u0001', '/')}`
