import * as z from 'zod'
import { atFirstUse } from '../runtime/once.ts'
import { channels } from '../touchpoint/vocabulary.ts'

const dayText = 'a day, such as 2026-11-22'
const amountText = 'an amount of 0 or more'
const shareText = 'a share from 0 to 1'
/** Ten years of days: as many as fit into an item. */
const mostCosts = 3_660

/** What a campaign was planned and has cost; made at first use, for most calls of those who read it meet no campaign. */
export const campaignSchema = atFirstUse(() => {
  const day = z.iso.date(dayText)
  const amount = z.number(amountText).min(0, amountText)
  return z
    .strictObject({
      name: z.string().min(1, 'a name').max(200, 'at most 200 characters'),
      channel: z.enum(channels).nullable().default(null),
      startsOn: day.nullable().default(null),
      endsOn: day.nullable().default(null),
      currency: z.string().regex(/^[A-Z]{3}$/, 'the ISO 4217 code of a currency, such as EUR'),
      costs: z.array(z.strictObject({ day, amount })).max(mostCosts, `at most ${mostCosts} days`).default([]),
      targets: z
        .strictObject({
          conversions: amount.nullable().default(null),
          revenue: amount.nullable().default(null),
          roas: amount.nullable().default(null),
        })
        .prefault({}),
      holdoutShare: z.number(shareText).min(0, shareText).max(1, shareText).default(0),
    })
    .refine(({ startsOn, endsOn }) => startsOn === null || endsOn === null || startsOn <= endsOn, {
      path: ['endsOn'],
      message: 'a day not before startsOn',
    })
    .refine(({ costs }) => new Set(costs.map((cost) => cost.day)).size === costs.length, {
      path: ['costs'],
      message: 'each day once',
    })
})

export type Campaign = z.output<ReturnType<typeof campaignSchema>>

export const showCampaign = (id: string, { name, ...campaign }: Campaign) => ({
  campaignId: id,
  name,
  ...campaign,
})
