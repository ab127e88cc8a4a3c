import type { Journey } from './journey.ts'
import type { Model } from './model.ts'
import type { Order } from './order.ts'
import { comparePositions, type Touch } from './touch.ts'

/**
 * The journey that a touchpoint belongs to, told from stored journeys without folding again; null if none.
 * @param journeys those that may have it: from some before the touchpoint on (see `journeysBefore`), by their start
 * @param orders the orders that touchpoints refer to, if they are known
 */
export function journeyOf(
  touch: Touch,
  journeys: readonly Journey[],
  orders: ReadonlyMap<string, Order>,
  model: Model,
): Journey | null {
  const phase = model.phaseOf(touch)
  const start = touch.order?.id === undefined ? null : (orders.get(touch.order.id)?.journey ?? null)
  const ofOrder = start === null ? null : (journeys.find((journey) => journey.start === start) ?? null)
  if (phase === model.converts && ofOrder) return ofOrder
  const started = journeys.filter((journey) => comparePositions(journey.start, touch.position) <= 0)
  if (phase !== model.afterSales) return coveringJourney(started.at(-1), touch, model)
  const convertedBefore = ({ end }: Journey) => end !== null && comparePositions(end, touch.position) < 0
  if (ofOrder && convertedBefore(ofOrder)) return ofOrder
  const last = started.findLast(convertedBefore)
  return last && passedMs(last.convertedAt, touch) <= model.afterSalesWindowMs ? last : null
}

/** So many journeys before a touchpoint decide: as many as can be given up within the window for after-sales. */
export function journeysBefore({ abandonedAfterMs, afterSalesWindowMs }: Model): number {
  return Math.ceil(afterSalesWindowMs / abandonedAfterMs) + 3
}

function coveringJourney(journey: Journey | undefined, touch: Touch, model: Model): Journey | null {
  if (!journey) return null
  const covers =
    journey.end === null
      ? passedMs(journey.prolongedAt, touch) <= model.abandonedAfterMs
      : comparePositions(touch.position, journey.end) <= 0
  return covers ? journey : null
}

function passedMs(since: string | null, touch: Touch): number {
  return since === null ? Number.POSITIVE_INFINITY : Date.parse(touch.time) - Date.parse(since)
}
