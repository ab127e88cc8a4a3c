import { atHour, dayMs, openingTime } from './calendar.ts'
import type { Customer } from './customer.ts'
import { answerSurvey, makeContact, review } from './feedback.ts'
import { asRefund, type Order, orderNumber } from './order.ts'
import { rates } from './rates.ts'
import { openVisit, type Stage } from './stage.ts'
import { carrier, returnsCentre } from './systems.ts'
import { pickUp, takeBack } from './till.ts'

/** What follows an order, told by systems that often know nothing but its number. */
export function followUp(stage: Stage, customer: Customer, order: Order): void {
  const { random } = stage
  const receivedMs = receive(stage, customer, order)
  const later = (least: number, most: number) => receivedMs + random.between(least, most) * dayMs
  if (order.fulfilment !== 'in_store' && random.chance(rates.returnsByPost))
    returnByPost(stage, customer, later(6, 12), order)
  else if (random.chance(rates.returnsInStore))
    takeBack(stage, customer, openingTime(random, later(2, 14)), order)
  if (random.chance(rates.contactsAboutOrder)) makeContact(stage, customer, later(1, 6), order)
  if (random.chance(rates.answersSurvey)) answerSurvey(stage, customer, later(3, 5), order)
  if (random.chance(rates.reviews)) review(stage, customer, later(5, 20), order)
}

/** @returns when the customer has the goods */
function receive(stage: Stage, customer: Customer, order: Order): number {
  const { random } = stage
  const { fulfilment, placedMs } = order
  switch (fulfilment) {
    case 'in_store':
      return placedMs
    case 'ship': {
      const atMs = atHour(placedMs + random.between(2, 4) * dayMs, 9 + random.next() * 8)
      const visit = openVisit(stage, { system: carrier, customer: customer.number, atMs })
      visit.touch('delivery', [orderNumber(order)], { order: { id: order.id } })
      return atMs
    }
    case 'pickup': {
      const atMs = openingTime(random, placedMs + random.between(1, 3) * dayMs)
      pickUp(stage, customer, atMs, order)
      return atMs
    }
  }
}

function returnByPost(stage: Stage, customer: Customer, dayOfReturnMs: number, order: Order): void {
  const atMs = atHour(dayOfReturnMs, 11)
  const visit = openVisit(stage, { system: returnsCentre, customer: customer.number, atMs })
  visit.touch('refund', [orderNumber(order)], asRefund(stage, order))
}
