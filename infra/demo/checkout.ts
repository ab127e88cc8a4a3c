import { hourMs, minuteMs } from './calendar.ts'
import { email, phone } from './contact.ts'
import { type Customer, ifBy } from './customer.ts'
import { named, type SentIdentifier } from './event.ts'
import { asPurchase, type Order, orderNumber } from './order.ts'
import { rates } from './rates.ts'
import { openVisit, type Stage, type Visit } from './stage.ts'
import { orderManagement } from './systems.ts'

/** An order with all that is asked for it, sent by the shop and sometimes by the order management as well. */
export function checkOut(
  stage: Stage,
  customer: Customer,
  visit: Visit,
  order: Order,
  buyer: readonly SentIdentifier[],
): void {
  const { random } = stage
  const [address] = customer.addresses
  const contacts = [
    ...(address === undefined ? [] : [email(random, address)]),
    ...(customer.phone && random.chance(rates.leavesPhone) ? [phone(random, customer.phone)] : []),
  ]
  const number = orderNumber(order)
  visit.touch('purchase', [...buyer, ...contacts, number], asPurchase(order))
  if (!random.chance(rates.reportedTwice)) return
  const account = ifBy(customer.account, order.placedMs)
  const report = [number, ...contacts, ...(account ? [named('customer_id', account)] : [])]
  const atMs = order.placedMs + random.between(minuteMs, hourMs)
  const reporting = openVisit(stage, { system: orderManagement, customer: customer.number, atMs })
  reporting.touch('purchase', report, asPurchase(order))
}
