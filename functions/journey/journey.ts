import { createHash } from 'node:crypto'
import * as z from 'zod'
import { boolean, number, string, stringOrNull } from '../runtime/fields.ts'
import { experienceSchema, withFeedback } from './experience.ts'
import { type Model, onlineChannels } from './model.ts'
import { type GivenBack, givenBackSchema, nothingGivenBack, withGivenBack } from './order.ts'
import type { Touch } from './touch.ts'

const touchpoint = z.object({ channel: string, campaignId: stringOrNull })
const phase = z.object({
  enteredAt: string,
  touchpoints: number,
  channels: z.array(string),
  dwellSeconds: number,
})

/** A journey as it is stored: what its touchpoints add up to, whatever the time of reading. */
export const journeySchema = z.object({
  journeyId: string,
  /** Positions of its first touchpoint and of the last that it has, also of those after the purchase. */
  start: string,
  last: string,
  startedAt: string,
  /** Time of the last touchpoint that started or prolonged it. */
  prolongedAt: string,
  /** Time and position of the purchase that converted it. */
  convertedAt: stringOrNull,
  end: stringOrNull,
  orderId: stringOrNull,
  purchaseChannel: stringOrNull,
  phases: z.record(string, phase),
  channels: z.array(string),
  lastChannel: string,
  /** The latest, from the oldest: from, to, at. */
  transitions: z.array(z.tuple([string, string, string])),
  transitionCount: number,
  touchpointCount: number,
  firstTouch: touchpoint,
  lastTouch: touchpoint,
  experience: experienceSchema,
  /** The latest, from the oldest: type, at. */
  painPoints: z.array(z.tuple([string, string])),
  painPointCount: number,
  /** What patterns are told from. */
  onlineTouch: boolean,
  storeTouch: boolean,
  storePickup: boolean,
  storeRefund: boolean,
  /** Units and currency of the order that converted it; null while no report had an amount. */
  amount: stringOrNull,
  currency: stringOrNull,
  fulfilment: stringOrNull,
  /** What refunds and cancellations in this journey gave back of its order, and what those without order did. */
  givenBack: givenBackSchema,
  givenBackUnnamed: givenBackSchema,
})
export type Journey = z.infer<typeof journeySchema>

/** Only so many transitions and pain points are kept one by one. */
const keptOneByOne = 200

export function startJourney(touch: Touch): Journey {
  const firstTouch = { channel: touch.channel, campaignId: campaignOf(touch) }
  return {
    journeyId: journeyIdOf(touch),
    start: touch.position,
    last: touch.position,
    startedAt: touch.time,
    prolongedAt: touch.time,
    convertedAt: null,
    end: null,
    orderId: null,
    purchaseChannel: null,
    phases: {},
    channels: [],
    lastChannel: touch.channel,
    transitions: [],
    transitionCount: 0,
    touchpointCount: 0,
    firstTouch,
    lastTouch: firstTouch,
    experience: {},
    painPoints: [],
    painPointCount: 0,
    onlineTouch: false,
    storeTouch: false,
    storePickup: false,
    storeRefund: false,
    amount: null,
    currency: null,
    fulfilment: null,
    givenBack: nothingGivenBack,
    givenBackUnnamed: nothingGivenBack,
  }
}

/** The contract sets no limit to ids; a row of two must fit into an item. */
const campaignOf = ({ campaign }: Touch): string | null => campaign?.id?.slice(0, 1_000) ?? null

function journeyIdOf({ nodeId, time, source, id }: Touch): string {
  const origin = JSON.stringify([nodeId, time, source, id])
  return createHash('sha256').update(origin).digest('base64url').slice(0, 20)
}

/** The journey with one more touchpoint, later in the list than all it has. */
export function withTouch(journey: Journey, touch: Touch, model: Model): Journey {
  const phaseName = model.phaseOf(touch)
  const isBeforePurchase = journey.convertedAt === null && phaseName !== null && phaseName !== model.converts
  const isEarly = isBeforePurchase && isLookingAround(phaseName, model)
  const changesChannel = journey.touchpointCount > 0 && journey.lastChannel !== touch.channel
  const isPain = ['complaint', 'refund', 'cancellation'].includes(touch.type)
  return {
    ...journey,
    last: touch.position,
    phases: phaseName === null ? journey.phases : withPhase(journey.phases, phaseName, touch),
    channels: withValue(journey.channels, touch.channel),
    lastChannel: touch.channel,
    transitions: changesChannel
      ? latest(journey.transitions, [journey.lastChannel, touch.channel, touch.time])
      : journey.transitions,
    transitionCount: journey.transitionCount + (changesChannel ? 1 : 0),
    touchpointCount: journey.touchpointCount + 1,
    lastTouch: isBeforePurchase
      ? { channel: touch.channel, campaignId: campaignOf(touch) }
      : journey.lastTouch,
    experience: withFeedback(journey.experience, touch),
    painPoints: isPain ? latest(journey.painPoints, [touch.type, touch.time]) : journey.painPoints,
    painPointCount: journey.painPointCount + (isPain ? 1 : 0),
    onlineTouch: journey.onlineTouch || (isEarly && onlineChannels.has(touch.channel)),
    storeTouch: journey.storeTouch || (isEarly && touch.channel === 'store'),
    storePickup: journey.storePickup || (touch.type === 'pickup' && touch.channel === 'store'),
    storeRefund: journey.storeRefund || (touch.type === 'refund' && touch.channel === 'store'),
  }
}

/** Between being reached and buying: what patterns are told from. */
function isLookingAround(phaseName: string, { phases, converts }: Model): boolean {
  const at = phases.indexOf(phaseName)
  return at > 0 && at < phases.indexOf(converts)
}

/** The purchase that converts it; `withTouch` has taken it in already. */
export function converted(journey: Journey, touch: Touch): Journey {
  return {
    ...journey,
    convertedAt: touch.time,
    end: touch.position,
    orderId: touch.order?.id ?? null,
    purchaseChannel: touch.channel,
  }
}

export function withRefund(journey: Journey, touch: Touch): Journey {
  const back = (before: GivenBack) => withGivenBack(before, touch)
  if (touch.order?.id === undefined) {
    return { ...journey, givenBackUnnamed: { ...back(journey.givenBackUnnamed), whole: false } }
  }
  return touch.order.id === journey.orderId ? { ...journey, givenBack: back(journey.givenBack) } : journey
}

function withPhase(phases: Journey['phases'], name: string, touch: Touch): Journey['phases'] {
  const before = phases[name] ?? { enteredAt: touch.time, touchpoints: 0, channels: [], dwellSeconds: 0 }
  return {
    ...phases,
    [name]: {
      enteredAt: before.enteredAt,
      touchpoints: before.touchpoints + 1,
      channels: withValue(before.channels, touch.channel),
      dwellSeconds: before.dwellSeconds + (touch.dwellSeconds ?? 0),
    },
  }
}

function withValue(values: string[], value: string): string[] {
  return values.includes(value) ? values : [...values, value]
}

function latest<T>(values: T[], value: T): T[] {
  return [...values, value].slice(-keptOneByOne)
}
