import * as z from 'zod'
import { number, string, stringOrNull } from '../runtime/fields.ts'
import { usualPurposes } from '../touchpoint/vocabulary.ts'
import { experienceSchema, withFeedback } from './experience.ts'
import { listedItem } from './listed-item.ts'
import type { Model } from './model.ts'
import type { CurrencyUnits, Order } from './order.ts'
import { nothingPaid, paidSchema, withPaidOrder } from './paid.ts'
import {
  noPreference,
  preferenceSchema,
  withInteraction,
  withOrderCategories,
  withOrderOn,
} from './preference.ts'
import { withViewed, withWish } from './product-list.ts'
import type { Touch } from './touch.ts'

/** What all touchpoints of a person add up to. */
export const summarySchema = z.object({
  touchpointCount: number,
  firstSeenAt: stringOrNull,
  lastSeenAt: stringOrNull,
  orderCount: number,
  /** Units by currency. */
  net: z.record(string, string),
  /** By key, the value and the time of its event. */
  profile: z.record(string, z.tuple([z.unknown(), string])),
  /** By purpose, the status and the time of its event. */
  consents: z.record(string, z.tuple([string, string])),
  experience: experienceSchema,
  converted: number,
  abandoned: number,
  preference: preferenceSchema,
  paid: paidSchema,
  /** The latest products looked at, the latest first; those wished for, the latest last. */
  viewed: z.array(listedItem),
  wishlist: z.array(listedItem),
})
export type Summary = z.infer<typeof summarySchema>

/** Of what is said by keys that anybody may make up: attributes of the profile, purposes of consent. */
const maxSaidCharacters = 32_000

export const emptySummary: Summary = {
  touchpointCount: 0,
  firstSeenAt: null,
  lastSeenAt: null,
  orderCount: 0,
  net: {},
  profile: {},
  consents: {},
  experience: {},
  converted: 0,
  abandoned: 0,
  preference: noPreference,
  paid: nothingPaid,
  viewed: [],
  wishlist: [],
}

/** The summary with one more touchpoint, later in the list than all before: so the latest value is the last one. */
export function summaryWithTouch(summary: Summary, touch: Touch): Summary {
  const profile = Object.entries(touch.profile ?? {}).map(([key, value]) => ({ key, said: value }))
  const consents = (touch.consents ?? []).map(({ purpose, status }) => ({ key: purpose, said: status }))
  return {
    ...summary,
    touchpointCount: summary.touchpointCount + 1,
    firstSeenAt: summary.firstSeenAt ?? touch.time,
    lastSeenAt: touch.time,
    profile: withSaid(summary.profile, profile, touch.time),
    consents: withSaid(summary.consents, consents, touch.time, usualPurposes),
    experience: withFeedback(summary.experience, touch),
  }
}

/** What the touchpoint says about tastes; of a person only, not of a device that many use. */
export function summaryWithTaste(summary: Summary, touch: Touch, model: Model): Summary {
  return {
    ...summary,
    preference: withInteraction(summary.preference, touch, model),
    viewed: withViewed(summary.viewed, touch),
    wishlist: withWish(summary.wishlist, touch),
  }
}

type OrderChange = { before: Order | undefined; after: Order; touch: Touch }

/** Counts an order with what is left of it. */
export function summaryWithPaid(
  summary: Summary,
  { before, after, touch }: OrderChange,
  currency: string,
): Summary {
  const paid = withPaidOrder(summary.paid, before, after, { currency, time: touch.time })
  return { ...summary, paid }
}

/** What an order says about where a person buys. */
export function summaryWithPurchase(summary: Summary, { before, after, touch }: OrderChange): Summary {
  const { channel, at } = after
  if (channel === null || at === null) return summary
  const isNew = before?.at == null
  const toldItems = after.hasItems && !before?.hasItems
  const bought = isNew ? withOrderOn(summary.preference, channel, at) : summary.preference
  const preference = toldItems ? withOrderCategories(bought, { channel, at }, touch) : bought
  return { ...summary, preference }
}

/** Takes what an order added before out of the net value and what it adds now in. */
export function summaryWithNet(summary: Summary, before: CurrencyUnits, after: CurrencyUnits): Summary {
  const net = { ...summary.net }
  const add = (currency: string, units: bigint) => {
    net[currency] = String(BigInt(net[currency] ?? '0') + units)
  }
  for (const [currency, units] of before) add(currency, -units)
  for (const [currency, units] of after) add(currency, units)
  // What was booked there until the order told its currency leaves no trace.
  for (const currency of before.keys())
    if (!after.has(currency) && net[currency] === '0') delete net[currency]
  return { ...summary, net }
}

function withSaid<T>(
  values: Record<string, [T, string]>,
  entries: readonly { key: string; said: T }[],
  at: string,
  kept: ReadonlySet<string> = new Set(),
): Record<string, [T, string]> {
  if (entries.length === 0) return values
  const all = {
    ...values,
    ...Object.fromEntries(entries.map(({ key, said }): [string, [T, string]] => [key, [said, at]])),
  }
  return latestSaid(all, kept)
}

/** As many of those said last as have room: what somebody sends without end must not outgrow an item. */
function latestSaid<T>(
  values: Record<string, [T, string]>,
  kept: ReadonlySet<string>,
): Record<string, [T, string]> {
  const lengthOf = (entry: [string, [T, string]]) => JSON.stringify(entry).length
  const entries = Object.entries(values)
  if (entries.reduce((sum, entry) => sum + lengthOf(entry), 0) <= maxSaidCharacters) return values
  const newestFirst = entries.toSorted(([, [, a]], [, [, b]]) => (a < b ? 1 : a > b ? -1 : 0))
  let room = maxSaidCharacters
  return Object.fromEntries(
    newestFirst.filter((entry) => {
      if (kept.has(entry[0])) return true
      room -= lengthOf(entry)
      return room >= 0
    }),
  )
}
