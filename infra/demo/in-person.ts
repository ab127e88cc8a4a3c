import { minuteMs } from './calendar.ts'
import { checkOut } from './checkout.ts'
import { email, phone } from './contact.ts'
import { type Customer, ifBy } from './customer.ts'
import { type Line, named, type SentIdentifier } from './event.ts'
import { fillBasket } from './goods.ts'
import { lookFor } from './looking.ts'
import { type Order, placeOrder } from './order.ts'
import { rates } from './rates.ts'
import { openVisit, type Stage } from './stage.ts'
import { callCentre } from './systems.ts'

/** Plays with the store's kiosk, then scans the loyalty card or types in an address to keep the list. */
export function askAtKiosk(stage: Stage, customer: Customer, atMs: number, wish: Line): number {
  const { system, device } = customer.store.kiosk
  const visit = openVisit(stage, { system, customer: customer.number, atMs })
  lookFor(stage, visit, wish, [device])
  const who = introduction(stage, customer, atMs)
  if (who) {
    visit.touch('login', [device, who])
    visit.touch('add_to_wishlist', [device, who], { items: [wish] })
    visit.touch('view_store', [device])
  }
  return visit.nowMs()
}

/** Is advised by staff with their tablet; what is not in the store is ordered on it. */
export function consult(stage: Stage, customer: Customer, atMs: number, wish: Line): Order | null {
  const { random } = stage
  const { system, device } = customer.store.tablet
  const visit = openVisit(stage, { system, customer: customer.number, atMs })
  const who = introduction(stage, customer, atMs)
  const known = [device, ...(who ? [who] : [])]
  visit.touch('consultation', known, { items: [wish], dwellSeconds: random.between(120, 900) })
  if (!who || random.chance(0.5)) return null
  const order = placeOrder(stage, fillBasket(random, wish), 'ship', visit.nowMs())
  checkOut(stage, customer, visit, order, known)
  return order
}

/** Calls; who calls is known by the number, and sometimes the agent finds the account. */
export function orderByPhone(stage: Stage, customer: Customer, atMs: number, wish: Line): Order | null {
  const { random } = stage
  if (!customer.phone) return null
  const caller = [phone(random, customer.phone)]
  const account = ifBy(customer.account, atMs)
  const visit = openVisit(stage, { system: callCentre, customer: customer.number, atMs })
  visit.touch('consultation', caller, { items: [wish], dwellSeconds: random.between(60, 600) })
  const order = placeOrder(stage, fillBasket(random, wish), 'ship', visit.nowMs() + minuteMs)
  const found = account && random.chance(rates.agentFindsAccount) ? [named('customer_id', account)] : []
  checkOut(stage, customer, visit, order, [...caller, ...found])
  return order
}

/** The loyalty card, else an address: what people are asked for in the store. */
function introduction({ random }: Stage, customer: Customer, atMs: number): SentIdentifier | null {
  const loyalty = ifBy(customer.loyalty, atMs)
  if (loyalty !== null) return named('loyalty_id', loyalty)
  const [address] = customer.addresses
  return address === undefined ? null : email(random, address)
}
