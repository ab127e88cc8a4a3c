import * as z from 'zod'
import { channels } from '../../touchpoint/vocabulary.ts'

const levels = ['sku', 'product', 'category', 'brand'] as const

const scopeHelp = `a scope is all, channel (each of them), store (each of them), channel=… with one of ${channels.join(', ')}, or store=… with its id`

const isScope = (scope: string): boolean =>
  ['all', 'channel', 'store', ...channels.map((channel) => `channel=${channel}`)].includes(scope) ||
  /^store=./.test(scope)

const isSupport = (support: number): boolean =>
  (support > 0 && support < 1) || (support >= 1 && Number.isSafeInteger(support))

const whole = (least: number, most: number, name: string) => {
  const message = `${name} is a whole number from ${least} to ${most}`
  return z.int(message).min(least, message).max(most, message)
}

const confidenceHelp = 'minConfidence is a share from 0 to 1'

/** Sets beyond have more ways to be split than one statement holds. */
const longestSet = 10

export const parameters = z
  .strictObject({
    levels: z
      .array(z.enum(levels, `a level is one of ${levels.join(', ')}`))
      .min(1, `levels names at least one of ${levels.join(', ')}`)
      .default([...levels]),
    scopes: z
      .array(z.string().refine(isScope, scopeHelp))
      .min(1, scopeHelp)
      .default(['all', 'channel', 'store']),
    /** Below 1 a share of the baskets of each scope, from 1 on their number. */
    minSupport: z
      .number()
      .refine(
        isSupport,
        'minSupport is a share of the baskets, above 0 and below 1, or their number, a whole one from 1',
      )
      .default(0.01),
    /** With minSupport as a share: in a small scope, too, at least so many baskets. */
    minCount: whole(1, 1_000_000_000, 'minCount').default(2),
    minConfidence: z.number().min(0, confidenceHelp).max(1, confidenceHelp).default(0.1),
    maxLength: whole(2, longestSet, 'maxLength').default(5),
    maxConsequent: whole(1, longestSet - 1, 'maxConsequent').default(1),
  })
  .refine(({ maxLength, maxConsequent }) => maxConsequent < maxLength, {
    path: ['maxConsequent'],
    message: 'maxConsequent is less than maxLength: the antecedent needs an item, too',
  })

export type Asked = z.output<typeof parameters>

/** What is frequent: at least so many baskets, and at least such a share of all. */
export interface Support {
  minCount: number
  minShare: number
}

export const supportOf = ({ minSupport, minCount }: Asked): Support =>
  minSupport < 1 ? { minCount, minShare: minSupport } : { minCount: minSupport, minShare: 0 }
