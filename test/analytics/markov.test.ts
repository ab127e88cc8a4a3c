import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { chainOf } from '../../functions/analytics/attribution/chain.ts'
import { eliminated } from '../../functions/analytics/attribution/eliminate.ts'
import { backwards, iterated } from '../../functions/analytics/attribution/iterate.ts'
import {
  insertTexts,
  markovsOf,
  solvable,
  tooLargeText,
} from '../../functions/analytics/attribution/markov.ts'
import { removalEffects } from '../../functions/analytics/attribution/removal-effects.ts'
import { numpyEffects, python } from './markov-numpy.ts'
import { denseEffects, type Path, randomPaths, transitionsOf } from './markov-paths.ts'

function effectsOf(paths: readonly Path[], order: number): Record<string, number> {
  const chain = chainOf(transitionsOf(paths, order), order)
  const { probability, effects } = removalEffects(chain)
  if (probability === 0) return {}
  return Object.fromEntries(chain.values.map((value, at) => [value, effects[at] ?? Number.NaN]))
}

function expectClose(found: Record<string, number>, expected: Record<string, number>) {
  expect(Object.keys(found)).toEqual(Object.keys(expected))
  for (const [value, effect] of Object.entries(expected))
    expect(Math.abs((found[value] ?? Number.NaN) - effect), value).toBeLessThan(1e-12)
}

const orders = [1, 2, 3, 4]
const setting = fc.record({
  seed: fc.nat(),
  count: fc.integer({ min: 1, max: 60 }),
  values: fc.integer({ min: 1, max: 6 }),
  going: fc.constantFrom(0.3, 0.7, 0.95),
})

it('gives the removal effects that can be worked out by hand', () => {
  const paths = [
    { touches: ['a', 'b'], isConversion: true },
    { touches: ['a'], isConversion: false },
    { touches: ['b'], isConversion: true },
    { touches: ['b', 'a'], isConversion: false },
  ]
  // From a: to b 1/3, given up 2/3; from b: to a 1/3, converted 2/3. So b converts with 2/3 / (1 - 1/9) = 3/4, a with
  // 1/4, and half of the journeys begin with each.
  expectClose(effectsOf(paths, 1), { a: 1 - (0.5 * 2) / 3 / 0.5, b: 1 })
})

describe.each(orders)('of order %i', (order) => {
  it('removal effects are those of a direct solution', () => {
    fc.assert(
      fc.property(setting, (options) => {
        const paths = randomPaths(options)
        expectClose(effectsOf(paths, order), denseEffects(paths, order))
      }),
      { numRuns: 60 },
    )
  })

  it('sweeps end where elimination does', () => {
    fc.assert(
      fc.property(setting, (options) => {
        const chain = chainOf(transitionsOf(randomPaths(options), order), order)
        const sequence = backwards(chain)
        const whole = iterated(chain, sequence, new Float64Array(chain.conversions.length))
        const all = [new Int32Array(0), ...chain.statesOf]
        for (const removed of all) {
          const found = iterated(
            chain,
            sequence,
            removed.length === 0 ? new Float64Array(whole.length) : whole,
            removed,
          )
          expect(Math.abs((found[0] ?? Number.NaN) - eliminated(chain, removed))).toBeLessThan(1e-14)
        }
      }),
      { numRuns: 30 },
    )
  })

  it.skipIf(python === undefined)(
    'removal effects are those of numpy (skipped without OMNIJOURNEY_PYTHON)',
    async () => {
      for (const [seed, values] of [3, 5, 8].entries()) {
        const paths = randomPaths({ seed, count: 300, values })
        expectClose(effectsOf(paths, order), await numpyEffects(paths, order))
      }
    },
  )
})

it('of a chain with many states they are those of a direct solution, too', () => {
  const paths = randomPaths({ seed: 4, count: 700, values: 7, going: 0.8 })
  expect(chainOf(transitionsOf(paths, 3), 3).conversions.length).toBeGreaterThan(200)
  expectClose(effectsOf(paths, 3), denseEffects(paths, 3))
})

it('a lower order follows from the transitions of a higher one', () => {
  const paths = randomPaths({ seed: 9, count: 200, values: 5 })
  const highest = transitionsOf(paths, 4)
  for (const order of orders)
    expect(chainOf(highest, order)).toEqual(chainOf(transitionsOf(paths, order), order))
})

it('does not depend on the order in which transitions are told', () => {
  const transitions = transitionsOf(randomPaths({ seed: 2, count: 400, values: 6 }), 2)
  const effects = removalEffects(chainOf(transitions, 2))
  expect(removalEffects(chainOf([...transitions].reverse(), 2))).toEqual(effects)
})

it('nothing is lost where nothing converts', () => {
  const transitions = transitionsOf([{ touches: ['a', 'b'], isConversion: false }], 1)
  expect(removalEffects(chainOf(transitions, 1))).toEqual({ probability: 0, effects: [0, 0] })
})

describe('in a run', () => {
  it('leaves out what is too large to be solved', () => {
    const asked = markovsOf([1, 2], ['channel', 'campaign'])
    const size = (model: string, dimension: string, transitions: string, dimension_values: string) => ({
      ...{ model, dimension, transitions, dimension_values },
    })
    const sizes = [
      size('markov_1', 'channel', '500000', '40'),
      size('markov_2', 'channel', '500001', '40'),
      size('markov_1', 'campaign', '20000', '1000'),
      size('markov_2', 'campaign', '20001', '1000'),
    ]
    const { small, large } = solvable(sizes, asked)
    expect(small.map(({ model }) => model)).toEqual(['markov_1', 'markov_1'])
    expect(large.map(tooLargeText)[0]).toBe(
      'markov_2 by channel is left out: its journeys have too many different transitions. Ask for lower markovOrders, a shorter time or another dimension.',
    )
    // Where nothing happened there is nothing to solve.
    expect(solvable([], asked).small).toEqual(asked)
  })

  it('adds effects by statements that are not too long, and loses none', () => {
    const removals = Array.from({ length: 5000 }, (_, at) => ({
      ...{ model: 'markov_1', dimension: 'campaign', value: `it's \u00fc ${at}`, effect: at / 5000 },
    }))
    const texts = insertTexts('run', removals)
    expect(texts.length).toBeGreaterThan(1)
    for (const text of texts) expect(Buffer.byteLength(text)).toBeLessThan(200_000)
    expect(texts.flatMap((text) => text.match(/'it''s \u00fc \d+'/g) ?? []).length).toBe(5000)
    expect(insertTexts('run', [])).toEqual([])
  })
})
