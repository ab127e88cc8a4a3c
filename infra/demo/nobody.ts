import { atHour, dayMs, openingTime } from './calendar.ts'
import { named } from './event.ts'
import { createWish, fillBasket } from './goods.ts'
import { lookFor } from './looking.ts'
import { placeholder } from './mistakes.ts'
import { asPurchase, ringUp } from './order.ts'
import { rates } from './rates.ts'
import { openVisit, type Stage } from './stage.ts'
import type { Store, System } from './systems.ts'

/** What happens in a store and is nobody's. */
export function passTheDays(stage: Stage, store: Store, salesPerDay: number): void {
  const { random, span } = stage
  for (let dayOf = span.startMs; dayOf < span.endMs; dayOf += dayMs) {
    for (let sales = drawCount(salesPerDay); sales > 0; sales--) sellForCash(dayOf)
    for (let plays = drawCount(rates.kioskPlay); plays > 0; plays--) play(dayOf)
    if (random.chance(rates.testReceipts / 7)) train(dayOf)
  }

  function drawCount(mean: number): number {
    return Math.floor(mean * 2 * random.next() + random.next())
  }

  function sellForCash(dayOf: number) {
    const nothing = random.chance(rates.tillPlaceholder) ? [placeholder(random, 'loyalty_id')] : []
    receipt(random.oneOf(store.tills), openingTime(random, dayOf), nothing, {})
  }

  function train(dayOf: number) {
    receipt(store.trainingTill, atHour(dayOf, 9), [named('loyalty_id', 'L-TRAINING')], { test: true })
  }

  function receipt(
    till: System,
    atMs: number,
    identifiers: { type: string; value: string }[],
    more: { test?: boolean },
  ) {
    const order = ringUp(stage, till, fillBasket(random, createWish(random)), atMs)
    const details = { ...asPurchase(order), location: { storeId: store.id }, ...more }
    openVisit(stage, { system: till, customer: null, atMs }).touch('purchase', identifiers, details)
  }

  function play(dayOf: number) {
    const { system, device } = store.kiosk
    const visit = openVisit(stage, { system, customer: null, atMs: openingTime(random, dayOf) })
    lookFor(stage, visit, createWish(random), [device])
  }
}
