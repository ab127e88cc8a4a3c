import * as z from 'zod'
import { number } from '../runtime/fields.ts'
import type { Touch } from './touch.ts'

const mean = z.tuple([number, number])

/** Sum and number of what customers said, by kind. */
export const experienceSchema = z.object({ nps: mean, rating: mean, sentiment: mean }).partial()
export type Experience = z.infer<typeof experienceSchema>

export function withFeedback(experience: Experience, { feedback }: Touch): Experience {
  if (!feedback) return experience
  const grown: Experience = {}
  // Always in this order, so that the same sums are the same text when stored.
  for (const kind of ['nps', 'rating', 'sentiment'] as const) {
    const said = feedback[kind]
    const before = experience[kind]
    if (said === undefined && before === undefined) continue
    const [sum, count] = before ?? [0, 0]
    grown[kind] = said === undefined ? [sum, count] : [sum + said, count + 1]
  }
  return grown
}

/** Means with 2 decimals, half away from zero; null where nothing was said. */
export function shownExperience(experience: Experience) {
  return {
    nps: shownMean(experience.nps),
    rating: shownMean(experience.rating),
    sentiment: shownMean(experience.sentiment),
  }
}

function shownMean(said: readonly [number, number] | undefined): number | null {
  if (!said) return null
  // Ten digits take away what adding binary fractions leaves behind, before the rounding looks at it.
  const hundredths = Number(((said[0] / said[1]) * 100).toFixed(8))
  return (Math.sign(hundredths) * Math.round(Math.abs(hundredths))) / 100
}
