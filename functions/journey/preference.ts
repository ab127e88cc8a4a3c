import * as z from 'zod'
import { number, string } from '../runtime/fields.ts'
import { maxListedCharacters } from './listed-item.ts'
import type { Model } from './model.ts'
import type { Touch } from './touch.ts'

/** By channel, Σ 2^(days since 2026 / 90) over touchpoints: shares of it are those of Σ 0.5^(age / 90 days) at any time. */
const weights = z.record(string, number)
type Weights = z.infer<typeof weights>

const ofKind = { interaction: weights, purchase: weights }

/** Which channels a person prefers for looking around and for buying, overall and by category. */
export const preferenceSchema = z.object({ ...ofKind, categories: z.record(string, z.object(ofKind)) })
export type Preference = z.infer<typeof preferenceSchema>
type Kind = keyof typeof ofKind

export const noPreference: Preference = { interaction: {}, purchase: {}, categories: {} }

/** So that the numbers are short. */
const epochMs = Date.UTC(2026, 0, 1)
const halfLifeMs = 90 * 24 * 60 * 60 * 1000

/** Of more categories those with the least weight are let go, so that what is kept of a person stays small. */
const maxCategories = 30

/** A touchpoint of a phase before the converting one; where the retailer reaches out says nothing of the customer. */
export function withInteraction(preference: Preference, touch: Touch, model: Model): Preference {
  const phase = model.phaseOf(touch)
  const isBefore = phase !== null && model.phases.indexOf(phase) < model.phases.indexOf(model.converts)
  if (!isBefore || model.exposures.has(touch.type)) return preference
  const { channel, time } = touch
  return withWeight(preference, { kind: 'interaction', channel, time, categories: categoriesOf(touch) })
}

type Weighed = { kind: Kind; channel: string; time: string; categories: readonly string[] }

/** An order, at its time and on the channel of its earliest report. */
export function withOrderOn(preference: Preference, channel: string, time: string): Preference {
  return withWeight(preference, { kind: 'purchase', channel, time, categories: [] })
}

/** The categories of an order's items, once they are known. */
export function withOrderCategories(
  preference: Preference,
  order: { channel: string; at: string },
  touch: Touch,
): Preference {
  const weighed = { kind: 'purchase', channel: order.channel, time: order.at } as const
  return withCategories(preference, { ...weighed, categories: categoriesOf(touch) })
}

function withWeight(preference: Preference, weighed: Weighed): Preference {
  const { kind } = weighed
  return withCategories({ ...preference, [kind]: grown(preference[kind], weighed) }, weighed)
}

function withCategories(preference: Preference, weighed: Weighed): Preference {
  if (weighed.categories.length === 0) return preference
  const categories = { ...preference.categories }
  for (const category of weighed.categories) {
    const before = categories[category] ?? { interaction: {}, purchase: {} }
    categories[category] = { ...before, [weighed.kind]: grown(before[weighed.kind], weighed) }
  }
  return { ...preference, categories: heaviest(categories) }
}

function grown(sums: Weights, { channel, time }: Weighed): Weights {
  const weight = 2 ** ((Date.parse(time) - epochMs) / halfLifeMs)
  // Twelve digits are more than anybody sees, and take half the room.
  return { ...sums, [channel]: Number(((sums[channel] ?? 0) + weight).toPrecision(12)) }
}

function heaviest(categories: Preference['categories']): Preference['categories'] {
  const entries = Object.entries(categories)
  if (entries.length <= maxCategories) return categories
  const total = ({ interaction, purchase }: Preference['categories'][string]) =>
    [...Object.values(interaction), ...Object.values(purchase)].reduce((sum, weight) => sum + weight, 0)
  const kept = new Set(entries.toSorted(([, a], [, b]) => total(a) - total(b)).slice(-maxCategories))
  return Object.fromEntries(entries.filter((entry) => kept.has(entry)))
}

function categoriesOf({ items = [] }: Touch): string[] {
  const isListed = (category = '') => category !== '' && category.length <= maxListedCharacters
  return [...new Set(items.flatMap(({ category }) => (category && isListed(category) ? [category] : [])))]
}

/** Shares by channel, the largest first. */
function shownShares(sums: Weights): { channel: string; share: number }[] {
  const total = Object.values(sums).reduce((sum, weight) => sum + weight, 0)
  return Object.entries(sums)
    .map(([channel, weight]) => ({ channel, share: total > 0 ? weight / total : 0 }))
    .sort((a, b) => b.share - a.share || (a.channel < b.channel ? -1 : 1))
}

export function shownPreference({ interaction, purchase, categories }: Preference) {
  const shown = (kinds: { interaction: Weights; purchase: Weights }) => ({
    interaction: shownShares(kinds.interaction),
    purchase: shownShares(kinds.purchase),
  })
  return {
    channelPreference: shown({ interaction, purchase }),
    categoryPreference: Object.entries(categories)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([category, kinds]) => ({ category, ...shown(kinds) })),
  }
}
