import { atHour, leisureTime } from './calendar.ts'
import { email, emailHash, phone } from './contact.ts'
import { type Customer, ifBy } from './customer.ts'
import { named } from './event.ts'
import { type Order, orderNumber } from './order.ts'
import { rates } from './rates.ts'
import { openVisit, type Stage } from './stage.ts'
import { callCentre, messenger, reviews, survey } from './systems.ts'

/** A question or a complaint; who calls is known by the number they call from. */
export function makeContact(stage: Stage, customer: Customer, dayOfContactMs: number, order: Order): void {
  const { random } = stage
  if (!customer.phone) return
  const complains = random.chance(rates.complains)
  const system = random.weighted({ call: 3, message: 1 }) === 'call' ? callCentre : messenger
  const atMs = atHour(dayOfContactMs, 9 + random.next() * 9)
  const contact = openVisit(stage, { system, customer: customer.number, atMs })
  contact.touch(complains ? 'complaint' : 'support_contact', [phone(random, customer.phone)], {
    dwellSeconds: random.between(60, 900),
    feedback: { sentiment: complains ? -0.6 : 0.1 },
    order: { id: order.id },
  })
}

/** The carrier's survey knows the parcel, the shop's the address. */
export function answerSurvey(stage: Stage, customer: Customer, dayOfAnswerMs: number, order: Order): void {
  const { random } = stage
  const [address] = customer.addresses
  if (address === undefined) return
  const isOfCarrier = order.fulfilment === 'ship' && random.chance(0.5)
  const who = isOfCarrier ? orderNumber(order) : email(random, address)
  const atMs = leisureTime(random, dayOfAnswerMs)
  const visit = openVisit(stage, { system: survey, customer: customer.number, atMs })
  visit.touch('feedback', [who], { feedback: { nps: random.between(3, 10) } })
}

export function review(stage: Stage, customer: Customer, dayOfReviewMs: number, order: Order): void {
  const { random } = stage
  const [address] = customer.addresses
  if (address === undefined) return
  const account = ifBy(customer.account, dayOfReviewMs)
  const who = account === null ? emailHash(address, 'newsletter') : named('customer_id', account)
  const atMs = leisureTime(random, dayOfReviewMs)
  const visit = openVisit(stage, { system: reviews, customer: customer.number, atMs })
  const rating = random.between(2, 5)
  visit.touch('review_write', [who], { items: order.lines.slice(0, 1), feedback: { rating } })
}
