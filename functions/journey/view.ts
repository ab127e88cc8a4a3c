import { shownExperience } from './experience.ts'
import { isAbandoned } from './fold.ts'
import type { Rules } from './fold-state.ts'
import type { Journey } from './journey.ts'
import { type Model, onlineChannels, phaseName } from './model.ts'
import { shownAmount, type Units } from './money.ts'

export type JourneyStatus = 'open' | 'converted' | 'abandoned'

/** Whether a journey that runs no more, or still does, is open as of now (UTC ISO 8601). */
export function statusOf(journey: Journey, now: string, model: Model): JourneyStatus {
  if (journey.convertedAt !== null) return 'converted'
  return isAbandoned(journey, now, model) ? 'abandoned' : 'open'
}

/** The furthest phase reached, in the model's order; null: none. */
export const furthestPhase = ({ phases }: Journey, model: Model): string | null =>
  model.phases.findLast((phase) => phases[phase]) ?? null

/**
 * A journey as the contract shows it.
 * @param now UTC, ISO 8601
 * @param rules those that it was folded by
 * @param words the name of the model that it is told in
 */
export function showJourney(journey: Journey, now: string, { model, currency }: Rules, words = model.name) {
  const reached = model.phases.flatMap((phase) => {
    const seen = journey.phases[phase]
    return seen ? [{ phase: phaseName(phase, model, words), ...seen }] : []
  })
  const status = statusOf(journey, now, model)
  return {
    journeyId: journey.journeyId,
    status,
    startedAt: journey.startedAt,
    endedAt: status === 'open' ? null : (journey.convertedAt ?? journey.prolongedAt),
    phase: reached.at(-1)?.phase ?? null,
    phases: reached,
    channels: journey.channels,
    transitions: journey.transitions.map(([from, to, at]) => ({ from, to, at })),
    transitionCount: journey.transitionCount,
    patterns: patternsOf(journey),
    touchpointCount: journey.touchpointCount,
    order: shownOrder(journey),
    value: shownAmount(journeyValue(journey, currency)),
    firstTouch: journey.firstTouch,
    lastTouch: journey.lastTouch,
    experience: shownExperience(journey.experience),
    painPoints: journey.painPoints.map(([type, at]) => ({ type, at })),
    painPointCount: journey.painPointCount,
  }
}

function shownOrder({ convertedAt, orderId, amount, currency }: Journey) {
  return convertedAt === null
    ? null
    : { orderId, total: shownAmount(BigInt(amount ?? '0')), currency, at: convertedAt }
}

/** The order's amount less what this journey gave back of it, at least 0. */
export function journeyValue(journey: Journey, defaultCurrency: string): Units {
  const amount = BigInt(journey.amount ?? '0')
  if (journey.givenBack.whole) return 0n
  const own = journey.currency ?? defaultCurrency
  const named = journey.givenBack.sums
  const unnamed = journey.givenBackUnnamed.sums
  const inOwnCurrency = [
    named[own],
    named[''],
    unnamed[own],
    own === defaultCurrency ? unnamed[''] : undefined,
  ]
  const back = inOwnCurrency.reduce((sum, units) => sum + BigInt(units ?? '0'), 0n)
  return back > amount ? 0n : amount - back
}

/** Sorted; none of a journey that has not converted. */
export function patternsOf(journey: Journey): string[] {
  if (journey.convertedAt === null || journey.purchaseChannel === null) return []
  const boughtOnline = onlineChannels.has(journey.purchaseChannel)
  const boughtInStore = journey.purchaseChannel === 'store'
  const patterns = {
    click_and_collect: boughtOnline && (journey.fulfilment === 'pickup' || journey.storePickup),
    return_in_store: boughtOnline && journey.storeRefund,
    showroomer: boughtOnline && journey.storeTouch,
    webroomer: boughtInStore && journey.onlineTouch,
  }
  return Object.entries(patterns).flatMap(([pattern, applies]) => (applies ? [pattern] : []))
}
