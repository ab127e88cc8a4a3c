import * as z from 'zod'
import { shownExperience } from '../journey/experience.ts'
import type { Rules } from '../journey/fold-state.ts'
import type { Journey } from '../journey/journey.ts'
import { onlineChannels } from '../journey/model.ts'
import { comparePositions, eventOfPosition, type Touch, timeOfPosition, toTouch } from '../journey/touch.ts'
import { furthestPhase, journeyValue, patternsOf } from '../journey/view.ts'
import type { StoredTouchpoint } from '../store/touchpoints.ts'
import { ownChannelGroup } from './channel-group.ts'
import { microseconds, moneyText, type Row } from './row.ts'

/** A touchpoint as the rows of journeys need it. */
export type Step = Touch & { storeId: string | null; ownGroup: string | null }

const text = z.string().optional()
const originSchema = z.object({
  campaign: z.object({ id: text, source: text, medium: text }).optional(),
  location: z.object({ storeId: text, page: text, referrer: text }).optional(),
})

export function toStep(stored: StoredTouchpoint): Step {
  const origin = originSchema.parse(stored)
  return {
    ...toTouch(stored),
    storeId: origin.location?.storeId ?? null,
    ownGroup: ownChannelGroup(origin),
  }
}

/** Which version of which person's journeys a row is of. */
export type RowVersion = { personId: string; version: number; now: Date }

type Told = {
  journey: Journey
  /** All its touchpoints in order; null: too many for a row. */
  members: readonly Step[] | null
  /** Touchpoints of the person in order: at least the first and the last of the journey, and half an hour before. */
  around: readonly Step[]
  /** Whether nothing was bought before it. */
  isFirst: boolean
  rules: Rules
}

/** The row of `journey_log`. */
export function journeyRow(told: Told, { personId, version, now }: RowVersion): Row {
  const { journey, members, around, rules } = told
  const isConverted = journey.convertedAt !== null
  const amount = BigInt(journey.amount ?? '0')
  const purchase = around.find(({ position }) => position === journey.end)
  const groupAt = (step: Step | undefined) => (step ? channelGroup(step, around) : null)
  return {
    journey_id: journey.journeyId,
    person_id: personId,
    started_at: microseconds(journey.startedAt),
    last_touch_at: microseconds(timeOfPosition(journey.last)),
    converted_at: journey.convertedAt === null ? null : microseconds(journey.convertedAt),
    ended_at: microseconds(journey.convertedAt ?? journey.prolongedAt),
    hours_to_purchase: hoursToPurchase(journey),
    phase: furthestPhase(journey, rules.model),
    channels: journey.channels,
    first_channel: journey.firstTouch.channel,
    first_channel_group: groupAt(around.find(({ position }) => position === journey.start)),
    first_campaign_id: journey.firstTouch.campaignId,
    last_channel: journey.lastTouch.channel,
    last_channel_group: groupAt(lastTouchOf(told)),
    last_campaign_id: journey.lastTouch.campaignId,
    purchase_channel: journey.purchaseChannel,
    purchase_store_id: purchase?.storeId ?? null,
    patterns: patternsOf(journey),
    touchpoint_count: journey.touchpointCount,
    order_key: isConverted ? orderKey(journey, personId, purchase) : null,
    currency: isConverted ? (journey.currency ?? rules.currency) : null,
    gross_value: moneyText(isConverted ? amount : 0n),
    value: moneyText(isConverted ? journeyValue(journey, rules.currency) : 0n),
    is_first_order: isConverted ? told.isFirst : null,
    ...shownExperience(journey.experience),
    pain_points: journey.painPointCount,
    version,
    changed_at: microseconds(now),
    steps:
      members?.map(({ source, id, time }) => ({ source, event_id: id, event_time: microseconds(time) })) ??
      null,
    start_key: touchKey(journey.start),
    purchase_key: journey.end === null ? null : touchKey(journey.end),
    is_gone: false,
  }
}

/** The row that says of a journey that it is no more. */
export function goneRow(
  { journeyId, startKey, startedAt }: { journeyId: string; startKey: string; startedAt: string },
  { personId, version, now }: RowVersion,
): Row {
  const nothing = Object.fromEntries(valueColumns.map((column) => [column, null]))
  return {
    journey_id: journeyId,
    person_id: personId,
    started_at: microseconds(startedAt),
    ...nothing,
    version,
    changed_at: microseconds(now),
    steps: null,
    start_key: startKey,
    purchase_key: null,
    is_gone: true,
  }
}

const valueColumns = `last_touch_at converted_at ended_at hours_to_purchase phase channels first_channel
  first_channel_group first_campaign_id last_channel last_channel_group last_campaign_id purchase_channel
  purchase_store_id patterns touchpoint_count order_key currency gross_value value is_first_order nps rating sentiment
  pain_points`.split(/\s+/)

function hoursToPurchase({ startedAt, convertedAt }: Journey): number | null {
  return convertedAt === null ? null : (Date.parse(convertedAt) - Date.parse(startedAt)) / 3_600_000
}

/** The last one with a phase before the purchase, else the purchase; of an open one the last with a phase. */
function lastTouchOf({ journey, members, around, rules: { model } }: Told): Step | undefined {
  const isBefore = (step: Step) => journey.end === null || comparePositions(step.position, journey.end) < 0
  const own = (members ?? around).filter(
    (step) => comparePositions(journey.start, step.position) <= 0 && isBefore(step),
  )
  const phaseOf = (step: Step) => model.phaseOf(step)
  const last = own.findLast((step) => phaseOf(step) !== null && phaseOf(step) !== model.converts)
  return last ?? around.find(({ position }) => position === (journey.end ?? journey.start))
}

/** For so long a touchpoint without campaign and referrer still counts as brought by those before it (contract). */
export const inheritanceMs = 30 * 60 * 1000

/** As the column `channel_group` of the view `touchpoint`. */
function channelGroup(step: Step, around: readonly Step[]): string {
  if (!onlineChannels.has(step.channel)) return step.channel
  if (step.ownGroup !== null) return step.ownGroup
  const since = Date.parse(step.time) - inheritanceMs
  const before = around.findLast(
    ({ position, channel, ownGroup, time }) =>
      ownGroup !== null &&
      channel === step.channel &&
      comparePositions(position, step.position) < 0 &&
      Date.parse(time) >= since,
  )
  return before?.ownGroup ?? 'direct'
}

/** The same text as `order_key` of the view `sales_order`. */
function orderKey({ orderId, end }: Journey, personId: string, purchase: Step | undefined): string | null {
  if (orderId !== null) return `${personId}/${orderId}`
  if (end === null || !purchase) return null
  return `${purchase.nodeId}/${touchKey(end).replaceAll('\u0001', '/')}`
}

/** Before the year 1970, too, the key is a number of 15 digits. */
const keyEpochMs = 100_000_000_000_000

/** Where a touchpoint stands in the list of its person, as text that views can make of its columns. */
export function touchKey(position: string): string {
  const { time, source, id } = eventOfPosition(position)
  const rank = position.charAt(time.length + 1)
  const milliseconds = String(Date.parse(time) + keyEpochMs).padStart(15, '0')
  return `${milliseconds}#${rank}#${source}\u0001${id}`
}
