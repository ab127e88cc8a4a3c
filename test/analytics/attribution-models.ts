import type { Journey } from './attribution-paths.ts'
import { denseEffects } from './markov-paths.ts'

/** What a model makes of journeys, reckoned without any SQL: shares of conversions and money by value. */
export type Credits = Map<string, number>

type Total = (journey: Journey) => number

/** Shares of a journey's touches by their place, in plain words of each rule. */
const shares: Record<string, (journey: Journey) => number[]> = {
  first: ({ touches }) => touches.map((_, at) => (at === 0 ? 1 : 0)),
  last: ({ touches }) => touches.map((_, at) => (at === touches.length - 1 ? 1 : 0)),
  last_non_direct: ({ touches }) => {
    const found = touches.findLastIndex((touch) => touch !== 'direct')
    return touches.map((_, at) => (at === (found < 0 ? touches.length - 1 : found) ? 1 : 0))
  },
  linear: ({ touches }) => touches.map(() => 1 / touches.length),
  time_decay: ({ days }) => {
    const weights = days.map((day) => 2 ** (-day / 7))
    const sum = weights.reduce((a, b) => a + b, 0)
    return weights.map((weight) => weight / sum)
  },
  u_shaped: (journey) => shaped(journey, { ends: [0.4, 0.4], two: [0.5, 0.5] }),
  j_shaped: (journey) => shaped(journey, { ends: [0.2, 0.6], two: [0.25, 0.75] }),
}

type Shape = { ends: [number, number]; two: [number, number] }

function shaped({ touches }: Journey, { ends, two }: Shape): number[] {
  if (touches.length === 1) return [1]
  if (touches.length === 2) return two
  const between = (1 - ends[0] - ends[1]) / (touches.length - 2)
  return [ends[0], ...touches.slice(2).map(() => between), ends[1]]
}

/** Any model: what each value is credited with of a total. */
export function creditsOf(model: string, journeys: readonly Journey[], total: Total): Credits {
  const credits: Credits = new Map()
  const add = (value: string, amount: number) => credits.set(value, (credits.get(value) ?? 0) + amount)
  const converted = journeys.filter(({ isConversion }) => isConversion)
  for (const one of converted.filter(({ touches }) => touches.length === 0))
    add(one.purchaseValue ?? '(none)', total(one))
  const touched = converted.filter(({ touches }) => touches.length > 0)
  if (model === 'shapley') for (const [value, amount] of shapley(touched, total)) add(value, amount)
  else if (model.startsWith('markov_')) {
    const effects = effectsOf(model, journeys)
    const sum = Object.values(effects).reduce((a, b) => a + b, 0)
    const whole = touched.reduce((all, one) => all + total(one), 0)
    for (const [value, effect] of Object.entries(effects)) add(value, (whole * effect) / sum)
  } else
    for (const one of touched) {
      const parts = shares[model]?.(one) ?? []
      for (const [at, touch] of one.touches.entries()) add(touch, (parts[at] ?? Number.NaN) * total(one))
    }
  return credits
}

const solved = new WeakMap<readonly Journey[], Map<string, Record<string, number>>>()

/** The same for all kinds of totals. */
function effectsOf(model: string, journeys: readonly Journey[]): Record<string, number> {
  const byModel = solved.get(journeys) ?? new Map<string, Record<string, number>>()
  solved.set(journeys, byModel)
  const touched = journeys.filter(({ touches }) => touches.length > 0)
  const effects = byModel.get(model) ?? denseEffects(touched, Number(model.slice(7)))
  byModel.set(model, effects)
  return effects
}

/** By its definition, over all sets of the other values. */
function shapley(journeys: readonly Journey[], total: Total): Credits {
  const values = [...new Set(journeys.flatMap(({ touches }) => touches))].sort()
  const worth = (set: number) =>
    journeys
      .filter(({ touches }) => touches.every((touch) => set & (1 << values.indexOf(touch))))
      .reduce((sum, one) => sum + total(one), 0)
  const worths = Array.from({ length: 2 ** values.length }, (_, set) => worth(set))
  const factorial = (n: number): number => (n < 2 ? 1 : n * factorial(n - 1))
  const n = values.length
  return new Map(
    values.map((value, at) => {
      let credit = 0
      for (let set = 0; set < worths.length; set++) {
        if (set & (1 << at)) continue
        const size = values.filter((_, place) => set & (1 << place)).length
        const weight = (factorial(size) * factorial(n - size - 1)) / factorial(n)
        credit += weight * ((worths[set | (1 << at)] ?? 0) - (worths[set] ?? 0))
      }
      return [value, credit]
    }),
  )
}
