import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Row } from '../../functions/analytics/analysis.ts'
import { type JourneyLake, startJourneyLake } from '../lake/journey-lake.ts'
import { creditsOf } from './attribution-models.ts'
import {
  attributed,
  type Journey,
  journey,
  lost,
  randomJourneys,
  strangeJourneys,
} from './attribution-paths.ts'

let lake: JourneyLake

beforeAll(async () => {
  lake = await startJourneyLake()
})
afterAll(() => lake?.close())

const models = [
  ...['first', 'last', 'last_non_direct', 'linear', 'time_decay', 'u_shaped', 'j_shaped', 'shapley'],
  ...['markov_1', 'markov_2', 'markov_3', 'markov_4'],
]

/** Conversions by value, of each model. */
async function conversionsBy(journeys: readonly Journey[], parameters = {}) {
  const { ending, rowsOf } = await attributed(lake, journeys, parameters)
  expect(ending.status).toBe('succeeded')
  const rows = await rowsOf('attribution')
  const byModel = Map.groupBy(rows, ({ model }) => String(model))
  const tables = [...byModel].map(([model, own]): [string, Record<string, number>] => [
    model,
    Object.fromEntries(own.map((row) => [String(row.dimension_value), Number(row.conversions)]).sort()),
  ])
  return Object.fromEntries(tables)
}

describe('as worked out by hand', () => {
  it('one journey of four touches', async () => {
    // 21, 14, 7 and 0 days before the purchase: weights 1, 2, 4 and 8 of 15.
    const one = journey('email ad email direct', { days: [21, 14, 7, 0] })
    expect(await conversionsBy([one])).toEqual({
      first: { ad: 0, direct: 0, email: 1 },
      last: { ad: 0, direct: 1, email: 0 },
      last_non_direct: { ad: 0, direct: 0, email: 1 },
      linear: { ad: 0.25, direct: 0.25, email: 0.5 },
      time_decay: { ad: 0.133333, direct: 0.533334, email: 0.333333 },
      u_shaped: { ad: 0.1, direct: 0.4, email: 0.5 },
      j_shaped: { ad: 0.1, direct: 0.6, email: 0.3 },
      shapley: { ad: 0.333333, direct: 0.333334, email: 0.333333 },
      // Half of the steps from email lead to direct. With two touches and more none can be left out.
      markov_1: { ad: 0.2, direct: 0.4, email: 0.4 },
      markov_2: { ad: 0.333333, direct: 0.333334, email: 0.333333 },
      markov_3: { ad: 0.333333, direct: 0.333334, email: 0.333333 },
      markov_4: { ad: 0.333333, direct: 0.333334, email: 0.333333 },
    })
  })

  it('journeys of one and two touches, and of none', async () => {
    const journeys = [
      journey('direct'),
      journey('email direct', { days: [7, 0] }),
      journey('', { purchaseValue: 'store' }),
      journey(''),
      lost('email'),
    ]
    const found = await conversionsBy(journeys, { markovOrders: [1] })
    const others = { '(none)': 1, store: 1 }
    expect(found).toEqual({
      first: { ...others, direct: 1, email: 1 },
      last: { ...others, direct: 2, email: 0 },
      last_non_direct: { ...others, direct: 1, email: 1 },
      linear: { ...others, direct: 1.5, email: 0.5 },
      time_decay: { ...others, direct: 1.666667, email: 0.333333 },
      u_shaped: { ...others, direct: 1.5, email: 0.5 },
      j_shaped: { ...others, direct: 1.75, email: 0.25 },
      shapley: { ...others, direct: 1.5, email: 0.5 },
      // A conversion in 2 of 3; without direct in none, without email in 1: effects 1 and 1/2.
      markov_1: { ...others, direct: 1.333333, email: 0.666667 },
    })
  })

  it('parameters say how long a touch halves in weight, and how many touches a state has', async () => {
    const one = journey('email ad', { days: [2, 0] })
    const found = await conversionsBy([one], {
      models: ['time_decay', 'markov'],
      halfLifeDays: 1,
      markovOrders: [2],
    })
    expect(found).toEqual({ markov_2: { ad: 0.5, email: 0.5 }, time_decay: { ad: 0.8, email: 0.2 } })
  })

  it('transitions with their probabilities, and what is lost without a value', async () => {
    const journeys = [journey('a b'), journey('a b a'), lost('a')]
    const { rowsOf } = await attributed(lake, journeys, { models: ['markov'], markovOrders: [1, 2] })
    const transitions = (await rowsOf('attribution_transition')).map(
      ({ model, from_state, to_state, transitions: count, probability }) =>
        `${model} ${from_state} ${to_state} ${count} ${Number(probability).toFixed(3)}`,
    )
    expect(transitions.sort()).toEqual([
      'markov_1 [(start)] [a] 3 1.000',
      'markov_1 [a] [(conversion)] 1 0.250',
      'markov_1 [a] [(null)] 1 0.250',
      'markov_1 [a] [b] 2 0.500',
      'markov_1 [b] [(conversion)] 1 0.500',
      'markov_1 [b] [a] 1 0.500',
      'markov_2 [(start)] [a] 3 1.000',
      'markov_2 [a, b] [(conversion)] 1 0.500',
      'markov_2 [a, b] [b, a] 1 0.500',
      'markov_2 [a] [(null)] 1 0.333',
      'markov_2 [a] [a, b] 2 0.667',
      'markov_2 [b, a] [(conversion)] 1 1.000',
    ])
    const removals = (await rowsOf('attribution_removal')).map(
      ({ model, dimension_value, removal_effect }) =>
        `${model} ${dimension_value} ${Number(removal_effect).toFixed(6)}`,
    )
    // Of order 1 a conversion has probability (1/4 + 1/4) / (1 - 1/4) = 2/3, without b 1/4; of order 2 2/3 and 0.
    expect(removals.sort()).toEqual([
      'markov_1 a 1.000000',
      'markov_1 b 0.625000',
      'markov_2 a 1.000000',
      'markov_2 b 1.000000',
    ])
  })
})

const micros = (value: string | null | undefined): bigint => BigInt(Math.round(Number(value) * 1e6))
const money = (value: string | null | undefined): bigint => BigInt(Math.round(Number(value) * 1e4))
const sumOf = (rows: readonly Row[], column: string, units: typeof micros) =>
  rows.reduce((sum, row) => sum + units(row[column]), 0n)

describe.each([1, 2, 3, 4, 5, 6])('of random journeys, %i', (seed) => {
  const journeys = randomJourneys({ seed, count: 40 + seed * 30, values: seed, going: 0.5 + seed / 15 })
  let rows: Row[]
  beforeAll(async () => {
    const { rowsOf } = await attributed(lake, journeys)
    rows = await rowsOf('attribution')
  })

  it.each(models)('%s is what its definition says', (model) => {
    for (const currency of ['EUR', 'GBP']) {
      const own = (one: Journey) => (one.currency === currency ? 1 : 0)
      const expected = {
        conversions: creditsOf(model, journeys, own),
        net_conversions: creditsOf(model, journeys, (one) => (one.isKept ? own(one) : 0)),
        gross_revenue: creditsOf(model, journeys, (one) => (own(one) * Number(one.gross)) / 10_000),
        revenue: creditsOf(model, journeys, (one) => (own(one) * Number(one.net)) / 10_000),
      }
      const found = rows.filter((row) => row.model === model && row.currency === currency)
      expect(found.length).toBeGreaterThan(0)
      for (const [column, credits] of Object.entries(expected))
        for (const value of new Set([
          ...credits.keys(),
          ...found.map((row) => String(row.dimension_value)),
        ])) {
          const shown = found.find((row) => row.dimension_value === value)?.[column] ?? 0
          expect(Math.abs(Number(shown) - (credits.get(value) ?? 0)), `${column} of ${value}`).toBeLessThan(
            column.includes('revenue') ? 2e-4 : 2e-6,
          )
        }
    }
  })

  it.each(models)('%s credits exactly what there is', (model) => {
    for (const currency of ['EUR', 'GBP']) {
      const found = rows.filter((row) => row.model === model && row.currency === currency)
      const bought = journeys.filter((one) => one.isConversion && one.currency === currency)
      const total = (amount: (one: Journey) => bigint) => bought.reduce((sum, one) => sum + amount(one), 0n)
      expect(sumOf(found, 'conversions', micros)).toBe(BigInt(bought.length) * 1_000_000n)
      expect(sumOf(found, 'net_conversions', micros)).toBe(total(({ isKept }) => (isKept ? 1_000_000n : 0n)))
      expect(sumOf(found, 'gross_revenue', money)).toBe(total(({ gross }) => gross))
      expect(sumOf(found, 'revenue', money)).toBe(total(({ net }) => net))
    }
  })
})

it.each(['linear', 'markov_1', 'markov_3'])('values may be any text: %s', async (model) => {
  const found = await conversionsBy(strangeJourneys, { models: ['linear', 'markov'], markovOrders: [1, 3] })
  const expected = creditsOf(model, strangeJourneys, () => 1)
  expect(Object.keys(found[model] ?? {}).sort()).toEqual([...expected.keys()].sort())
  for (const [value, credit] of expected) expect(found[model]?.[value]).toBeCloseTo(credit, 5)
})

it('the same journeys give the same rows again, to the last digit', async () => {
  const journeys = randomJourneys({ seed: 8, count: 120, values: 6 })
  const rowsBy = async (told: readonly Journey[]) => {
    const { rowsOf } = await attributed(lake, told)
    const all = await Promise.all(
      ['attribution', 'attribution_removal', 'attribution_transition'].map(rowsOf),
    )
    return all
      .flat()
      .map(({ run_id: _, ...row }) => JSON.stringify(row))
      .sort()
  }
  expect(await rowsBy([...journeys].reverse())).toEqual(await rowsBy(journeys))
})
