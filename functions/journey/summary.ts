import { z } from 'zod'
import { experienceSchema, withFeedback } from './experience.ts'
import type { CurrencyUnits } from './order.ts'
import type { Touch } from './touch.ts'

/** What all touchpoints of a person add up to. */
export const summarySchema = z.object({
  touchpointCount: z.number(),
  firstSeenAt: z.string().nullable(),
  lastSeenAt: z.string().nullable(),
  orderCount: z.number(),
  /** Units by currency. */
  net: z.record(z.string(), z.string()),
  /** By key, the value and the time of its event. */
  profile: z.record(z.string(), z.tuple([z.unknown(), z.string()])),
  /** By purpose, the status and the time of its event. */
  consents: z.record(z.string(), z.tuple([z.string(), z.string()])),
  experience: experienceSchema,
  converted: z.number(),
  abandoned: z.number(),
})
export type Summary = z.infer<typeof summarySchema>

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
    consents: withSaid(summary.consents, consents, touch.time),
    experience: withFeedback(summary.experience, touch),
  }
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
): Record<string, [T, string]> {
  if (entries.length === 0) return values
  return {
    ...values,
    ...Object.fromEntries(entries.map(({ key, said }): [string, [T, string]] => [key, [said, at]])),
  }
}
