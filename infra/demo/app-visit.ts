import { minuteMs } from './calendar.ts'
import { checkOut } from './checkout.ts'
import { type Customer, currently, ifBy } from './customer.ts'
import { named, type SentIdentifier } from './event.ts'
import { fillBasket } from './goods.ts'
import { lookFor } from './looking.ts'
import { type Order, placeOrder } from './order.ts'
import { rates } from './rates.ts'
import { openVisit, type Stage } from './stage.ts'
import { app } from './systems.ts'
import { type Shopping, visitWeb } from './web-visit.ts'

/** A visit in the app by those who have it, else in the web shop. */
export function visitApp(stage: Stage, customer: Customer, shopping: Shopping): Order | null {
  const { random } = stage
  const { atMs, wish, fulfilment } = shopping
  const phone = phoneWithApp(customer, atMs)
  if (!phone) return visitWeb(stage, customer, shopping)
  const system = random.chance(rates.phoneClockOff)
    ? { ...app, skewMs: random.between(-9, 9) * minuteMs }
    : app
  const offline = fulfilment === undefined && random.chance(rates.appOffline)
  const visit = openVisit(stage, { system, customer: customer.number, atMs, offline })
  const member = membership(customer, atMs)
  const who = [...phone, ...(random.chance(rates.signedInToApp) ? member : [])]
  lookFor(stage, visit, wish, who)
  if (!fulfilment) return null
  const basket = fillBasket(random, wish)
  const buyer = [...phone, ...member]
  visit.touch('add_to_cart', buyer, { items: basket })
  const order = placeOrder(stage, basket, fulfilment, visit.nowMs())
  checkOut(stage, customer, visit, order, buyer)
  return order
}

/** The app as installed on the phone at that time; undefined without it. */
export function phoneWithApp(customer: Customer, atMs: number): SentIdentifier[] | undefined {
  const installation = currently(customer.installations, atMs)
  return installation && [named('app_install_id', installation.app), named('device_id', installation.device)]
}

/** What the app signs in with: the account, else the loyalty card. */
export function membership(customer: Customer, atMs: number): SentIdentifier[] {
  const account = ifBy(customer.account, atMs)
  const card = ifBy(customer.loyalty, atMs)
  if (account) return [named('customer_id', account)]
  return card ? [named('loyalty_id', card)] : []
}
