import { execFileSync } from 'node:child_process'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Draw, upperTail } from '../../functions/analytics/associations/hypergeometric.ts'

/** n over k. */
function choose(n: number, k: number): bigint {
  if (k < 0 || k > n) return 0n
  let ways = 1n
  for (let i = 0; i < k; i++) ways = (ways * BigInt(n - i)) / BigInt(i + 1)
  return ways
}

/** The same probability in whole numbers, rounded once. */
function exactTail({ hits, drawn, marked, population }: Draw): number {
  // The smaller side is drawn: it is the same, and the numbers are shorter.
  const [few, many] = drawn < marked ? [drawn, marked] : [marked, drawn]
  const lowest = Math.max(hits, 0, few + many - population)
  let term = choose(many, lowest) * choose(population - many, few - lowest)
  let sum = 0n
  for (let k = lowest; k <= few; k++) {
    sum += term
    const up = BigInt(many - k) * BigInt(few - k)
    term = (term * up) / (BigInt(k + 1) * BigInt(population - many - few + k + 1))
  }
  return quotient(sum, choose(population, few))
}

function quotient(dividend: bigint, divisor: bigint): number {
  const digits = divisor.toString(2).length - dividend.toString(2).length + 64
  return Number((dividend << BigInt(digits)) / divisor) * 2 ** -digits
}

const relativeError = (found: number, expected: number): number => Math.abs(found / expected - 1)

const draws: [hits: number, drawn: number, marked: number, population: number][] = [
  [1, 1, 1, 2],
  [3, 5, 5, 10],
  [5, 10, 20, 100],
  [17, 20, 20, 40],
  [60, 60, 60, 1_000],
  [150, 200, 300, 20_000],
  [168, 200, 300, 20_000],
  [169, 200, 300, 20_000],
  [2, 200, 300, 20_000],
  [3, 200, 300, 20_000],
  [4, 200, 300, 20_000],
  [1_500, 5_000, 6_000, 20_000],
  [2_180, 5_000, 6_000, 20_000],
  [6_000, 30_000, 20_000, 100_000],
  [6_100, 30_000, 20_000, 100_000],
  [8_182, 30_000, 20_000, 100_000],
  [100, 1_000_000, 1_000, 1_000_000_000],
  [700, 500_000_000, 1_000, 1_000_000_000],
  [2, 3_000, 1_000, 1_000_000_000],
  [74, 3_000, 1_000, 1_000_000_000],
]

describe('the upper tail of the hypergeometric distribution', () => {
  it.each(draws)('of %i or more of %i drawn, %i of %i marked', (hits, drawn, marked, population) => {
    const draw = { hits, drawn, marked, population }
    const expected = exactTail(draw)
    expect(expected).toBeGreaterThan(0)
    expect(relativeError(upperTail(draw), expected)).toBeLessThan(1e-12)
  })

  it('is tried on some that are as small as 1e-297', () => {
    const found = draws.map(([hits, drawn, marked, population]) =>
      exactTail({ hits, drawn, marked, population }),
    )
    expect(Math.min(...found)).toBeLessThan(1e-297)
  })

  const someDraw = fc.integer({ min: 1, max: 3_000 }).chain((population) =>
    fc.record({
      population: fc.constant(population),
      drawn: fc.nat({ max: population }),
      marked: fc.nat({ max: population }),
      hits: fc.nat({ max: population }),
    }),
  )

  it('is exact to twelve digits wherever it is no less than 1e-300', () => {
    fc.assert(
      fc.property(someDraw, (draw) => {
        // Close to what is expected, where a draw of chance would hardly be.
        const mean = Math.round((draw.drawn * draw.marked) / draw.population)
        for (const hits of [draw.hits, mean - 1, mean, mean + 1, mean + 20]) {
          const expected = hits < 0 ? 1 : exactTail({ ...draw, hits })
          if (expected < 1e-300) continue
          expect(relativeError(upperTail({ ...draw, hits }), expected)).toBeLessThan(1e-12)
        }
      }),
      { numRuns: 300 },
    )
  })

  it('is 1 for what must happen, and 0 for what cannot', () => {
    expect(upperTail({ hits: 0, drawn: 3, marked: 4, population: 10 })).toBe(1)
    expect(upperTail({ hits: 6, drawn: 8, marked: 8, population: 10 })).toBe(1)
    expect(upperTail({ hits: 4, drawn: 3, marked: 4, population: 10 })).toBe(0)
    expect(upperTail({ hits: 500, drawn: 500, marked: 10_000, population: 10_000 })).toBe(1)
    expect(upperTail({ hits: 0, drawn: 0, marked: 0, population: 0 })).toBe(1)
  })

  it('does not depend on which side is drawn', () => {
    fc.assert(
      fc.property(someDraw, ({ hits, drawn, marked, population }) => {
        const other = upperTail({ hits, drawn: marked, marked: drawn, population })
        expect(upperTail({ hits, drawn, marked, population })).toBeCloseTo(other, 12)
      }),
    )
  })

  it.each([
    [{ hits: 1, drawn: 11, marked: 2, population: 10 }],
    [{ hits: 1, drawn: 1, marked: 12, population: 10 }],
    [{ hits: 0.5, drawn: 1, marked: 1, population: 10 }],
  ])('refuses %j', (draw) => {
    expect(() => upperTail(draw)).toThrow('cannot be drawn')
  })
})

const python = process.env.OMNIJOURNEY_PYTHON ?? ''
const script = `
import json, sys
from scipy.stats import hypergeom
print(json.dumps([float(hypergeom.sf(k - 1, N, a, c)) for k, a, c, N in json.load(sys.stdin)]))
`

// Skipped where OMNIJOURNEY_PYTHON names no interpreter with scipy.
describe.runIf(python !== '')('beside scipy', () => {
  it('is the same, as far as scipy goes', () => {
    const input = draws.filter(([, , , population]) => population <= 100_000)
    const answer = execFileSync(python, ['-c', script], { input: JSON.stringify(input), encoding: 'utf8' })
    const expected: number[] = JSON.parse(answer)
    for (const [at, [hits, drawn, marked, population]] of input.entries()) {
      const found = upperTail({ hits, drawn, marked, population })
      expect(relativeError(found, expected[at] ?? Number.NaN)).toBeLessThan(scipyTolerance)
    }
  })
})

/** scipy's logarithms of the gamma function lose some digits; the whole numbers above show on which side. */
const scipyTolerance = 1e-10
