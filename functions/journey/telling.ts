import { createHash } from 'node:crypto'
import type { FoldStep, Rules } from './fold-state.ts'
import type { Journey } from './journey.ts'
import type { JourneyEvent, JourneyEventDetail } from './journey-event.ts'
import type { JourneyEventName } from './journey-event-names.ts'
import type { ListedItem } from './listed-item.ts'
import { shownAmount } from './money.ts'
import { furthestPhase, patternsOf } from './view.ts'

/** A node whose person is another one than before: it was the root of its own, or it is now. */
export type Move = { from: string; to: string; version: number; at: string }

/** Why a person has gone silent for long enough to tell of it. */
export type Silence = 'QuietTime' | 'JourneyAbandoned'

/** Names the silence that was told of last: since when, and what. */
export const silenceKey = (name: Silence, { prolongedAt }: Journey): string => `${name}@${prolongedAt}`

export type TellDeps = { rules: Rules; journeyEvents: ReadonlySet<JourneyEventName> }

/**
 * What one touchpoint made of a person's journeys, as they are just after it; so it does not matter which others came
 * in the same batch.
 * @param toldSilence the silence that was told of last
 */
export function eventsOfStep(
  personId: string,
  { touch, ended, cart, before, after }: FoldStep,
  toldSilence: string,
  deps: TellDeps,
): JourneyEvent[] {
  const events: JourneyEvent[] = []
  const brought = {
    channel: touch.channel,
    campaignId: touch.campaign?.id ?? null,
    touchpointType: touch.type,
  }
  const origin = [touch.nodeId, touch.time, touch.source, touch.id]
  if (ended && toldSilence !== silenceKey('JourneyAbandoned', ended)) {
    events.push(abandoned(personId, ended, cart, deps.rules))
  }
  if (!after) return wanted(events, deps)
  const { journeyId } = after
  const at = touch.time
  if (!before) {
    const phase = furthestPhase(after, deps.rules.model)
    const id = idOf('JourneyStarted', journeyId)
    events.push({ name: 'JourneyStarted', detail: { id, personId, at, journeyId, phase, ...brought } })
  }
  for (const phase of Object.keys(after.phases).filter((name) => !before?.phases[name])) {
    const id = idOf('PhaseEntered', journeyId, phase)
    events.push({ name: 'PhaseEntered', detail: { id, personId, at, journeyId, phase, ...brought } })
  }
  if (after.convertedAt !== null && (before?.convertedAt ?? null) === null) {
    const id = idOf('JourneyConverted', ...origin)
    events.push({
      name: 'JourneyConverted',
      detail: { id, personId, at, ...conversionOf(after, deps.rules) },
    })
  }
  const pain = after.painPointCount > (before?.painPointCount ?? 0) ? painType(touch.type) : null
  if (pain) {
    const id = idOf('PainPoint', ...origin)
    const { channel, order } = touch
    const detail = { id, personId, at, journeyId, type: pain, channel, orderId: order?.id ?? null }
    events.push({ name: 'PainPoint', detail })
  }
  return wanted(events, deps)
}

/** What the silence since the last touchpoint makes of a running journey. */
export function eventOfSilence(
  personId: string,
  name: Silence,
  { running, cart }: { running: Journey; cart: readonly ListedItem[] },
  { rules, quietMinutes }: { rules: Rules; quietMinutes: number },
): JourneyEvent {
  if (name === 'JourneyAbandoned') return abandoned(personId, running, cart, rules)
  const { journeyId, startedAt, prolongedAt, lastTouch } = running
  return {
    name,
    detail: {
      id: idOf(name, journeyId, prolongedAt),
      personId,
      at: later(prolongedAt, quietMinutes * 60_000),
      journeyId,
      startedAt,
      since: prolongedAt,
      quietMinutes,
      phase: furthestPhase(running, rules.model),
      lastTouch,
      cart: cart.map(quantityOf),
    },
  }
}

/** What happened to a node whose person is another one than before. */
export function eventsOfMoves(nodeId: string, moves: readonly Move[], deps: TellDeps): JourneyEvent[] {
  const events = moves.map(({ from, to, version, at }): JourneyEvent => {
    const isMerged = from === nodeId
    const name = isMerged ? 'PersonsMerged' : 'MergeUndone'
    const id = idOf(name, nodeId, from, to, String(version))
    return isMerged
      ? { name: 'PersonsMerged', detail: { id, personId: to, at, mergedPersonId: nodeId } }
      : { name: 'MergeUndone', detail: { id, personId: from, at, freedPersonId: nodeId } }
  })
  return wanted(events, deps)
}

const wanted = (events: readonly JourneyEvent[], { journeyEvents }: TellDeps): JourneyEvent[] =>
  events.filter(({ name }) => journeyEvents.has(name))

function abandoned(
  personId: string,
  journey: Journey,
  cart: readonly ListedItem[],
  { model }: Rules,
): JourneyEvent {
  const { journeyId, startedAt, prolongedAt, channels, lastTouch, touchpointCount } = journey
  return {
    name: 'JourneyAbandoned',
    detail: {
      id: idOf('JourneyAbandoned', journeyId, prolongedAt),
      personId,
      at: later(prolongedAt, model.abandonedAfterMs),
      journeyId,
      startedAt,
      endedAt: prolongedAt,
      phase: furthestPhase(journey, model),
      channels,
      lastTouch,
      touchpointCount,
      cart: cart.map(quantityOf),
    },
  }
}

function conversionOf(
  journey: Journey,
  { currency }: Rules,
): Omit<JourneyEventDetail<'JourneyConverted'>, 'id' | 'personId' | 'at'> {
  const { journeyId, startedAt, channels, firstTouch, lastTouch, touchpointCount } = journey
  return {
    journeyId,
    startedAt,
    channel: journey.purchaseChannel ?? journey.lastChannel,
    order: {
      orderId: journey.orderId,
      total: shownAmount(BigInt(journey.amount ?? '0')),
      currency: journey.currency ?? currency,
    },
    channels,
    firstTouch,
    lastTouch,
    touchpointCount,
    patterns: patternsOf(journey),
  }
}

const quantityOf = ({ sku, quantity = 1 }: ListedItem) => ({ sku, quantity })

const later = (time: string, ms: number): string => new Date(Date.parse(time) + ms).toISOString()

function painType(type: string): JourneyEventDetail<'PainPoint'>['type'] | null {
  return type === 'complaint' || type === 'refund' || type === 'cancellation' ? type : null
}

/** The same for the same thing told again; 128 bits. */
function idOf(...parts: readonly string[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest().subarray(0, 16).toString('base64url')
}
