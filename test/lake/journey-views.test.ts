import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { retail } from '../../functions/journey/model.ts'
import { statusOf } from '../../functions/journey/view.ts'
import { type Step, touchKey } from '../../functions/lake/journey-row.ts'
import { historyOf } from './journey-events.ts'
import { type JourneyLake, startJourneyLake } from './journey-lake.ts'
import { folded, identityRow, touchpointRowOf } from './journey-truth.ts'

let lake: JourneyLake

beforeAll(async () => {
  lake = await startJourneyLake()
})

afterAll(() => lake.close())

const now = new Date(Math.floor(Date.now() / 1000) * 1000)

/** Persons of two nodes each, which were persons of their own before; every fifth is a shared device. */
function randomPersons(count: number) {
  const seeds = { seed: 7, numRuns: 1 }
  return Array.from({ length: count }, (_, index) => {
    const [personId, other] = [`p${index}`, `q${index}`] as const
    const [told = []] = fc.sample(historyOf([personId, other], now), { ...seeds, seed: 7 + index })
    const kind = index % 5 === 4 ? 'shared_device' : 'person'
    const whole = folded(told, { personId, kind }, now)
    const partOf = (node: string) =>
      folded(
        told.filter(({ nodeId }) => nodeId === node),
        { personId: node, kind },
        now,
      )
    const [before, merged] = [partOf(personId), partOf(other)]
    return {
      personId,
      kind,
      ...whole,
      rows: [
        ...told.map((one) => touchpointRowOf(one)),
        // Delivered again.
        ...told.slice(0, 2).map((one) => touchpointRowOf(one, 9)),
        ...before.rows(1),
        ...before.goneRows(2, whole.journeys),
        ...merged.rows(1),
        ...whole.rows(2),
        identityRow({ node_id: personId, person_id: personId, kind }),
        identityRow({ node_id: other, person_id: other, kind }),
        identityRow({ node_id: other, person_id: personId, kind, version: 2, day: 1 }),
      ],
    }
  })
}

const keyOf = ({ position, nodeId }: Step) => `${touchKey(position)} ${nodeId}`.replace('\u0001', ' ')

describe('of persons that did anything', () => {
  const persons = randomPersons(60)

  beforeAll(async () => {
    await lake.hold(persons.flatMap(({ rows }) => rows))
  })

  it('each touchpoint belongs to the journey that it was folded into', async () => {
    const found = await lake.read(
      `select person_id, replace(touch_key, chr(1), ' ') || ' ' || node_id as place, journey_id
       from placed_touchpoint order by person_id, touch_key, node_id`,
    )
    const expected = persons.flatMap(({ personId, steps, homeOf }) =>
      steps.map((step) => [personId, keyOf(step), homeOf(step)?.journeyId ?? null]),
    )
    expect(found.map(({ person_id, place, journey_id }) => [person_id, place, journey_id]).sort()).toEqual(
      expected.sort(),
    )
    expect(found.filter(({ journey_id }) => journey_id !== null).length).toBeGreaterThan(500)
  })

  it('journeys have their status as of now', async () => {
    const found = await lake.read(
      `select journey_id, person_id, status, ended_at is null as is_open, is_first_order from journey order by 1`,
    )
    const expected = persons.flatMap(({ personId, journeys }) => {
      const first = journeys.find(({ convertedAt }) => convertedAt !== null)
      return journeys.map((journey) => {
        const status = statusOf(journey, new Date().toISOString(), retail)
        const isFirst = journey.convertedAt === null ? null : String(journey === first)
        return [journey.journeyId, personId, status, String(status === 'open'), isFirst]
      })
    })
    expect(found.map((row) => Object.values(row)).sort()).toEqual(expected.sort())
    expect(Object.keys(Object.groupBy(found, ({ status }) => status ?? '')).sort()).toEqual([
      'abandoned',
      'converted',
      'open',
    ])
  })

  it('steps are in order, with the time to the next and to the purchase, and the last touch marked', async () => {
    const found = await lake.read(
      `select journey_id, step, event_id, seconds_since_previous, seconds_to_purchase, is_last_before_purchase
       from journey_step order by journey_id, step`,
    )
    const expected = persons.flatMap(({ journeys, membersOf }) =>
      journeys.flatMap((journey) => {
        const members = membersOf(journey)
        const before = members.filter(({ position }) => journey.end !== null && position < journey.end)
        const isEarly = (step: Step) => ![null, 'purchase'].includes(retail.phaseOf(step))
        const last =
          journey.end === null
            ? undefined
            : (before.findLast(isEarly) ?? members.find(({ position }) => position === journey.end))
        return members.map((step, index) => {
          const previous = members[index - 1]
          const isBefore = journey.end !== null && step.position <= journey.end
          return [
            journey.journeyId,
            index + 1,
            step.id,
            previous ? secondsBetween(previous.time, step.time) : null,
            isBefore ? secondsBetween(step.time, journey.convertedAt) : null,
            String(step === last),
          ]
        })
      }),
    )
    const figures = found.map((row) => [
      row.journey_id,
      Number(row.step),
      row.event_id,
      figureOf(row.seconds_since_previous),
      figureOf(row.seconds_to_purchase),
      row.is_last_before_purchase,
    ])
    expect(figures).toEqual(expected.sort(byJourney))
  })

  it('channel groups at both ends of a journey are those that its row was told with', async () => {
    const found = await lake.rows(
      `select count(*), count_if(first.channel_group = journey.first_channel_group),
         count_if(last.channel_group = journey.last_channel_group)
       from journey
       join journey_step first on first.journey_id = journey.journey_id and first.step = 1
       join journey_step last on last.journey_id = journey.journey_id and last.is_last_before_purchase
       where converted_at is not null`,
    )
    const [all = null, first, last] = found[0] ?? []
    expect(Number(all)).toBeGreaterThan(50)
    expect([first, last]).toEqual([all, all])
  })

  it('customers are what the profile says', async () => {
    const found = await lake.read('select * from customer order by person_id')
    for (const row of found) {
      const person = persons.find(({ personId }) => personId === row.person_id)
      if (!person) throw new Error(`nobody knows ${row.person_id}`)
      const { summary, kind } = person
      const { interaction, purchase } = summary.channelPreference
      const net = summary.netValue.find(({ currency }) => currency === row.currency)
      expect({ ...row, profile: JSON.parse(row.profile ?? '') }).toMatchObject({
        kind,
        touchpoint_count: String(summary.touchpointCount),
        order_count: String(summary.orderCount),
        first_seen_at: athenaTime(summary.firstSeenAt),
        last_seen_at: athenaTime(summary.lastSeenAt),
        open_journeys: String(summary.journeyCount.open),
        converted_journeys: String(summary.journeyCount.converted),
        abandoned_journeys: String(summary.journeyCount.abandoned),
        preferred_channel: interaction[0]?.channel ?? null,
        preferred_purchase_channel: purchase[0]?.channel ?? null,
        profile: summary.profile,
      })
      expect(Object.keys(JSON.parse(row.profile ?? ''))).toEqual(Object.keys(summary.profile).sort())
      expect(Number(row.net_value)).toBeCloseTo(net?.amount ?? 0, 2)
    }
    expect(found.length).toBe(persons.length)
  })

  it('consents are what was said last', async () => {
    const found = await lake.read('select * from consent order by person_id, purpose')
    const expected = persons.flatMap(({ personId, summary }) =>
      summary.consents.map(({ purpose, status, at }) => [personId, purpose, status, athenaTime(at)]),
    )
    expect(found.map((row) => Object.values(row))).toEqual(expected.sort())
  })
})

const figureOf = (text: string | null | undefined) => (text == null ? null : Number(text))

const secondsBetween = (from: string, to: string | null) => (Date.parse(to ?? '') - Date.parse(from)) / 1000

const athenaTime = (time: string | null) => time && `${time.slice(0, -1).replace('T', ' ')}000`

function byJourney([a]: readonly unknown[], [b]: readonly unknown[]): number {
  return String(a) < String(b) ? -1 : String(a) > String(b) ? 1 : 0
}
