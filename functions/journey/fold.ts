import type { Base, FoldRules, FoldState, Ledger } from './fold-state.ts'
import { converted, type Journey, startJourney, withRefund, withTouch } from './journey.ts'
import type { Model } from './model.ts'
import { netOfOrder, newOrder, withGivenBack, withOrderTouch, withPurchase } from './order.ts'
import { withCart } from './product-list.ts'
import {
  type Summary,
  summaryWithNet,
  summaryWithPaid,
  summaryWithPurchase,
  summaryWithTaste,
  summaryWithTouch,
} from './summary.ts'
import type { Touch } from './touch.ts'

/**
 * Goes on through the list: the contract's rules in section Journeys. Pure but for the ledger, which it changes; the
 * ledger must hold every order, refund and ended journey that the touches refer to, if it exists.
 * @param touches sorted, all later than the state's cursor
 */
export function fold(
  state: FoldState,
  touches: readonly Touch[],
  ledger: Ledger,
  rules: FoldRules,
): FoldState {
  return touches.reduce((before, touch) => step(before, touch, ledger, rules), state)
}

function step(state: FoldState, touch: Touch, ledger: Ledger, rules: FoldRules): FoldState {
  const present = withoutAbandoned(state, touch.time, ledger, rules.model)
  const { journey, starts } = rules.journeys
    ? journeyFor(present, touch, ledger, rules.model)
    : { journey: null, starts: false }
  const begun = starts ? { ...present, runningBase: baseOf(present) } : present
  const counts = countsAsRefund(touch, ledger)
  const taken = journey && take(journey, touch, counts, rules.model)
  const seen = summaryWithTouch(present.summary, touch)
  const known = rules.journeys ? summaryWithTaste(seen, touch, rules.model) : seen
  const summary = withMoney(known, touch, counts, taken, ledger, rules)
  const placed = place({ ...begun, summary, cursor: touch.position }, taken, touch, ledger, rules)
  rules.onStep?.({
    touch,
    ended: present.running ? null : state.running,
    cart: state.cart,
    before: starts ? null : journey,
    after: taken && journeyAt(taken.start, placed, ledger),
  })
  return placed
}

const journeyAt = (start: string, { running }: FoldState, ledger: Ledger): Journey | null =>
  running?.start === start ? running : (ledger.journeys.get(start) ?? null)

/** Null for the first journey of a person of whom nothing was known. */
const baseOf = ({ lastConverted, summary }: Base): Base | null =>
  summary.touchpointCount === 0 ? null : { lastConverted, summary }

function endRunning(state: FoldState, journey: Journey, ledger: Ledger): FoldState {
  ledger.journeys.set(journey.start, journey)
  if (state.runningBase) ledger.bases.set(journey.start, state.runningBase)
  return { ...state, running: null, runningBase: null, cart: [] }
}

/** Rule 1. */
function withoutAbandoned(state: FoldState, now: string, ledger: Ledger, model: Model): FoldState {
  const { running } = state
  if (!running || !isAbandoned(running, now, model)) return state
  const summary = { ...state.summary, abandoned: state.summary.abandoned + 1 }
  return { ...endRunning(state, running, ledger), summary }
}

export function isAbandoned(running: Journey, now: string, model: Model): boolean {
  return Date.parse(now) - Date.parse(running.prolongedAt) > model.abandonedAfterMs
}

/** Rules 2 to 4: the journey that a touchpoint goes to. */
function journeyFor(
  state: FoldState,
  touch: Touch,
  ledger: Ledger,
  model: Model,
): { journey: Journey | null; starts: boolean } {
  const phase = model.phaseOf(touch)
  const orderId = touch.order?.id
  const ofOrder = orderId === undefined ? null : (ledger.orders.get(orderId)?.journey ?? null)
  if (phase === model.afterSales) {
    const start = ofOrder ?? lastConvertedStart(state, touch, model)
    return { journey: start === null ? null : endedJourney(start, ledger), starts: false }
  }
  if (phase === model.converts && ofOrder !== null) {
    return { journey: endedJourney(ofOrder, ledger), starts: false }
  }
  if (state.running) return { journey: state.running, starts: false }
  if (phase === null || model.exposures.has(touch.type)) return { journey: null, starts: false }
  return { journey: startJourney(touch), starts: true }
}

function lastConvertedStart({ lastConverted }: Base, touch: Touch, model: Model): string | null {
  if (!lastConverted) return null
  const passedMs = Date.parse(touch.time) - Date.parse(lastConverted.at)
  return passedMs <= model.afterSalesWindowMs ? lastConverted.start : null
}

function endedJourney(start: string, ledger: Ledger): Journey {
  const journey = ledger.journeys.get(start)
  if (!journey) throw new Error(`the journey that started at ${JSON.stringify(start)} is not at hand`)
  return journey
}

/** Whether the touchpoint gives money back, and is not a second report of it. */
function countsAsRefund({ type, order, position }: Touch, ledger: Ledger): boolean {
  if (type !== 'refund' && type !== 'cancellation') return false
  const refundId = order?.refundId
  if (refundId === undefined) return true
  if (ledger.refunds.has(refundId)) return false
  ledger.refunds.set(refundId, { refundId, first: position })
  return true
}

function take(journey: Journey, touch: Touch, counts: boolean, model: Model): Journey {
  const taken = withTouch(journey, touch, model)
  if (counts) return withRefund(taken, touch)
  if (model.phaseOf(touch) === model.converts && journey.convertedAt === null) return converted(taken, touch)
  const isRunning = journey.convertedAt === null
  const prolongs = isRunning && model.phaseOf(touch) !== null && !model.exposures.has(touch.type)
  return prolongs ? { ...taken, prolongedAt: touch.time } : taken
}

/** Books the touchpoint on its order and the net value; a purchase tells its journey what was paid. */
function withMoney(
  summary: Summary,
  touch: Touch,
  countsAsRefund: boolean,
  journey: Journey | null,
  ledger: Ledger,
  { currency, journeys }: FoldRules,
): Summary {
  const isPurchase = touch.type === 'purchase'
  const orderId = touch.order?.id
  if (!isPurchase && !countsAsRefund) {
    const handedOver = orderId !== undefined && (touch.type === 'delivery' || touch.type === 'pickup')
    const order = handedOver && (ledger.orders.get(orderId) ?? newOrder(orderId, touch))
    if (order) ledger.orders.set(order.orderId, withOrderTouch(order, touch))
    return summary
  }
  const before = orderId === undefined ? undefined : ledger.orders.get(orderId)
  const start = before ?? newOrder(orderId ?? '', touch)
  const booked = isPurchase
    ? withPurchase(start, touch, journey?.start ?? null)
    : { ...start, givenBack: withGivenBack(start.givenBack, touch) }
  const after = withOrderTouch(booked, touch)
  if (orderId !== undefined) ledger.orders.set(orderId, after)
  const isNewOrder = isPurchase && start.at === null
  const counted = { ...summary, orderCount: summary.orderCount + (isNewOrder ? 1 : 0) }
  const change = { before, after, touch }
  const paid = summaryWithPaid(counted, change, currency)
  return summaryWithNet(
    journeys ? summaryWithPurchase(paid, change) : paid,
    before ? netOfOrder(before, currency) : new Map(),
    netOfOrder(after, currency),
  )
}

/** Rule 5, and back to where the journey came from. */
function place(
  state: FoldState,
  taken: Journey | null,
  touch: Touch,
  ledger: Ledger,
  rules: FoldRules,
): FoldState {
  if (!taken) return state
  const journey = touch.type === 'purchase' ? withOrder(taken, touch, ledger) : taken
  if (journey.convertedAt === null) return { ...state, running: journey, cart: withCart(state.cart, touch) }
  const convertsNow = state.running?.start === journey.start || !ledger.journeys.has(journey.start)
  if (!convertsNow) {
    ledger.journeys.set(journey.start, journey)
    return state
  }
  return {
    ...endRunning(state, journey, ledger),
    lastConverted: { start: journey.start, at: touch.time },
    summary: { ...state.summary, converted: state.summary.converted + 1 },
  }

  function withOrder(of: Journey, purchase: Touch, from: Ledger): Journey {
    const order =
      purchase.order?.id === undefined
        ? withPurchase(newOrder('', purchase), purchase, of.start)
        : from.orders.get(purchase.order.id)
    const currency = order?.currency ?? rules.currency
    return { ...of, amount: order?.amount ?? null, currency, fulfilment: order?.fulfilment ?? null }
  }
}
