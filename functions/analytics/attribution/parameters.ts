import * as z from 'zod'

const dimensions = ['channel', 'channel_group', 'source_medium', 'campaign'] as const

const models = [
  ...(['first', 'last', 'last_non_direct', 'linear', 'time_decay', 'u_shaped', 'j_shaped'] as const),
  ...(['shapley', 'markov'] as const),
] as const
const orderText = 'the order of a Markov model is 1, 2, 3 or 4'

const days = z.number().positive().max(3650)

/** Each once, at least one. */
const someOf = <T extends z.ZodType>(one: T) =>
  z
    .array(one)
    .min(1)
    .transform((all) => [...new Set(all)])

export const parameters = z.strictObject({
  dimensions: someOf(z.enum(dimensions)).default([...dimensions]),
  models: someOf(z.enum(models)).default([...models]),
  /** How many touches the states of the model `markov` remember: one model for each. */
  markovOrders: someOf(z.int(orderText).min(1, orderText).max(4, orderText)).default([1, 2, 3, 4]),
  /** Touches longer before the purchase do not count; days of 24 hours. */
  lookbackDays: days.default(90),
  /** After so many days a touch weighs half in `time_decay`. */
  halfLifeDays: days.default(7),
})

export type AttributionParameters = z.infer<typeof parameters>

export const markovModel = (order: number): string => `markov_${order}`
