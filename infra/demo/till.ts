import { email } from './contact.ts'
import { type Customer, ifBy } from './customer.ts'
import { type Details, type Line, named, type SentIdentifier } from './event.ts'
import { fillBasket } from './goods.ts'
import { mishear, placeholder, rawCardNumber } from './mistakes.ts'
import { asPurchase, asRefund, type Order, orderNumber, ringUp } from './order.ts'
import { rates } from './rates.ts'
import { openVisit, type Stage } from './stage.ts'

export function buyAtTill(stage: Stage, customer: Customer, atMs: number, wish: Line): Order {
  const { tell, till } = approach(stage, customer, atMs)
  const order = ringUp(stage, till, fillBasket(stage.random, wish), atMs)
  tell('purchase', shownAtTill(stage, customer, atMs), asPurchase(order))
  return order
}

/** What is handed out is known by its order, and seldom by the customer. */
export function pickUp(stage: Stage, customer: Customer, atMs: number, order: Order): void {
  const known = [orderNumber(order), ...cardAtCounter(stage, customer, atMs)]
  approach(stage, customer, atMs).tell('pickup', known, { order: { id: order.id } })
}

/** Only receipts of online orders have a number that other systems know. */
export function takeBack(stage: Stage, customer: Customer, atMs: number, order: Order): void {
  const known =
    order.fulfilment === 'in_store'
      ? shownAtTill(stage, customer, atMs)
      : [orderNumber(order), ...cardAtCounter(stage, customer, atMs)]
  approach(stage, customer, atMs).tell('refund', known, asRefund(stage, order))
}

function approach(stage: Stage, customer: Customer, atMs: number) {
  const till = stage.random.oneOf(customer.store.tills)
  const visit = openVisit(stage, { system: till, customer: customer.number, atMs })
  const location = { storeId: customer.store.id }
  const tell = (type: string, identifiers: readonly SentIdentifier[], details: Details) =>
    visit.touch(type, identifiers, { ...details, location })
  return { till, tell }
}

/** What the till learns of whoever pays. */
function shownAtTill(stage: Stage, customer: Customer, atMs: number): SentIdentifier[] {
  const { random } = stage
  const shown: SentIdentifier[] = []
  const loyalty = ifBy(customer.loyalty, atMs)
  if (loyalty !== null && random.chance(rates.showsLoyaltyCard)) shown.push(named('loyalty_id', loyalty))
  else if (random.chance(rates.tillPlaceholder))
    shown.push(placeholder(random, random.oneOf(['loyalty_id', 'loyalty_id', 'email', 'phone'])))
  const [usual, second] = customer.cards
  const card = second !== undefined && random.chance(rates.paysWithSecondCard) ? second : usual
  if (card !== undefined && random.chance(rates.paysByCard))
    shown.push(random.chance(rates.rawCardNumber) ? rawCardNumber(random) : named('payment_card', card))
  const [address] = customer.addresses
  if (address !== undefined && random.chance(rates.receiptByEmail)) {
    const [others] = random.oneOf(stage.customers).addresses
    shown.push(email(random, mishear(random, address, others)))
  }
  return shown
}

function cardAtCounter({ random }: Stage, customer: Customer, atMs: number): SentIdentifier[] {
  const card = ifBy(customer.loyalty, atMs)
  return card !== null && random.chance(rates.showsCardAtCounter) ? [named('loyalty_id', card)] : []
}
