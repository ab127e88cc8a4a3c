import { afterAll, beforeAll, expect, it } from 'vitest'
import { z } from 'zod'
import type { Row } from '../../functions/analytics/analysis.ts'
import { attribution } from '../../functions/analytics/attribution/analysis.ts'
import { showJourney } from '../../functions/journey/view.ts'
import { type JourneyLake, startJourneyLake } from '../lake/journey-lake.ts'
import { rules } from '../lake/journey-truth.ts'
import { randomPeople } from './people.ts'
import { type Engine, runAnalysis } from './run-analysis.ts'
import { dayMs } from './world.ts'

const people = randomPeople({ seed: 5, count: 60 })
let lake: JourneyLake
/** What the run had in work_attribution_path. */
let paths: Row[] = []

beforeAll(async () => {
  lake = await startJourneyLake()
  await lake.hold(people.rows)
  const watched: Engine = {
    async table(sql) {
      if (sql.startsWith('delete from work_attribution_path'))
        paths = await lake.table('select * from work_attribution_path')
      return lake.table(sql)
    },
  }
  await runAnalysis(watched, attribution)
})
afterAll(() => lake?.close())

it.each(['channel', 'campaign', 'source_medium'])(
  'touches by %s are those before the purchase',
  (dimension) => {
    const found = paths
      .filter((row) => row.dimension === dimension)
      .map(({ journey_id, touches, days, purchase_value, is_converted, gross, currency }) => ({
        ...{
          journey_id,
          touches,
          days: numbersOf(days),
          purchase_value,
          is_converted,
          currency,
          gross: Number(gross),
        },
      }))
    const expected = people.people.flatMap((person) => touchesOf(person, dimension))
    expect(found.length).toBeGreaterThan(50)
    expect(found.sort(byJourney)).toEqual(expected.sort(byJourney))
  },
)

it('by source and medium few are told of the journeys, and some are without', () => {
  const withoutTouches = paths.filter((row) => row.dimension === 'campaign' && row.touches === '[]')
  expect(withoutTouches.length).toBeGreaterThan(5)
  expect(new Set(paths.map(({ dimension }) => dimension)).size).toBe(4)
})

/** As the fold has them, in plain words of the contract. */
function touchesOf({ told, truth }: (typeof people.people)[number], dimension: string) {
  const events = new Map(told.map((one) => [`${one.source} ${one.id}`, one]))
  return truth.journeys.flatMap((journey) => {
    const { status, order: bought, endedAt } = showJourney(journey, people.now.toISOString(), rules)
    if (status === 'open' || endedAt === null) return []
    const steps = truth.membersOf(journey).map((step) => ({
      value: dimensionValueOf(events.get(`${step.source} ${step.id}`), dimension),
      days: (Date.parse(endedAt) - Date.parse(step.time)) / dayMs,
      phase: rules.model.phaseOf(step),
      isBefore: journey.end === null || step.position < journey.end,
      isPurchase: step.position === journey.end,
    }))
    const touches = steps
      .filter(
        ({ value, phase, days, isBefore }) => value !== null && phase !== null && isBefore && days <= 90,
      )
      .filter(({ value }, at, all) => value !== all[at + 1]?.value)
    if (bought === null && touches.length === 0) return []
    const purchase = steps.find(({ isPurchase }) => isPurchase)?.value ?? '(none)'
    return [
      {
        journey_id: journey.journeyId,
        touches: `[${touches.map(({ value }) => value).join(', ')}]`,
        days: touches.map(({ days }) => days),
        purchase_value: bought === null ? null : purchase,
        is_converted: String(bought !== null),
        currency: bought === null ? null : (bought.currency ?? rules.currency),
        gross: bought === null ? 0 : (bought.total ?? 0),
      },
    ]
  })
}

const originSchema = z.object({
  channel: z.string(),
  campaign: z
    .object({ id: z.string().optional(), source: z.string().optional(), medium: z.string().optional() })
    .optional(),
})

function dimensionValueOf(event: object | undefined, dimension: string): string | null {
  const { channel, campaign } = originSchema.parse(event)
  if (dimension === 'channel') return channel
  if (dimension === 'campaign') return campaign?.id ?? null
  return campaign ? `${campaign.source ?? '(none)'} / ${campaign.medium ?? '(none)'}` : null
}

const numbersOf = (list: string | null | undefined): number[] =>
  (list ?? '[]').slice(1, -1).split(', ').filter(Boolean).map(Number)

type OfJourney = { journey_id: string | null | undefined }

const byJourney = (a: OfJourney, b: OfJourney): number =>
  String(a.journey_id) < String(b.journey_id) ? -1 : 1
