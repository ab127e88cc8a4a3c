import type { Transition } from '../../functions/analytics/attribution/chain.ts'

/** The touches of a journey, consecutive ones different, and whether it converted. */
export interface Path {
  touches: string[]
  isConversion: boolean
}

/** The same every time for a seed (mulberry32). */
export function randomOf(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

/**
 * Journeys whose next touch depends on the last one.
 * @param going the probability that there is another touch
 */
export function randomPaths(options: {
  seed: number
  count: number
  values: number
  going?: number
}): Path[] {
  const { seed, count, values, going = 0.7 } = options
  const random = randomOf(seed)
  const upTo = (most: number) => Math.floor(random() * most)
  return Array.from({ length: count }, () => {
    const touches = [upTo(values)]
    while (values > 1 && random() < going) {
      const last = touches.at(-1) ?? 0
      touches.push((last + 1 + Math.min(upTo(values - 1), upTo(values - 1))) % values)
    }
    const isConversion = random() < 0.1 + 0.5 / (1 + (touches.at(-1) ?? 0))
    return { touches: touches.map((value) => `c${String(value).padStart(3, '0')}`), isConversion }
  })
}

/** All transitions of paths, one by one, each from as many touches as an order has. */
export function transitionsOf(paths: readonly Path[], order: number): Transition[] {
  const found = new Map<string, Transition>()
  for (const { touches, isConversion } of paths)
    for (let at = 0; at <= touches.length; at++) {
      const from = touches.slice(Math.max(0, at - order), at)
      const next = touches[at] ?? null
      const converts = next === null && isConversion
      const key = `${from.join('>')} ${next ?? converts}`
      const count = (found.get(key)?.count ?? 0) + 1
      found.set(key, { from, next, isConversion: converts, count })
    }
  return [...found.values()]
}

/** Removal effects by value, by solving the equations of the states with Gauss's elimination: none where nothing converts. */
export function denseEffects(paths: readonly Path[], order: number): Record<string, number> {
  const probability = denseProbability(paths, order)
  const values = [...new Set(paths.flatMap(({ touches }) => touches))].sort()
  if (probability === 0) return {}
  return Object.fromEntries(
    values.map((value) => [value, 1 - denseProbability(paths, order, value) / probability]),
  )
}

function denseProbability(paths: readonly Path[], order: number, removed?: string): number {
  const places = new Map([['', 0]])
  const placeOf = (state: readonly string[]) => {
    const key = state.join('>')
    const place = places.get(key) ?? places.size
    places.set(key, place)
    return place
  }
  const steps = paths.flatMap(({ touches, isConversion }) =>
    Array.from({ length: touches.length + 1 }, (_, at) => {
      const from = placeOf(touches.slice(Math.max(0, at - order), at))
      if (at === touches.length) return { from, to: null, converts: isConversion }
      const state = touches.slice(Math.max(0, at + 1 - order), at + 1)
      const to = placeOf(state)
      return { from, to: removed !== undefined && state.includes(removed) ? null : to, converts: false }
    }),
  )
  // total · x = counts · x + conversions
  const rows = Array.from({ length: places.size }, () => new Array<number>(places.size + 1).fill(0))
  const add = (row: number, column: number, what: number) => {
    const cells = rows[row]
    if (cells) cells[column] = (cells[column] ?? 0) + what
  }
  for (const { from, to, converts } of steps) {
    add(from, from, 1)
    if (to !== null) add(from, to, -1)
    if (converts) add(from, places.size, 1)
  }
  return solved(rows)[0] ?? Number.NaN
}

/** With the largest of each column as pivot. */
function solved(rows: number[][]): number[] {
  const cell = (row: number, column: number) => rows[row]?.[column] ?? 0
  for (let at = 0; at < rows.length; at++) {
    let pivot = at
    for (let row = at; row < rows.length; row++)
      if (Math.abs(cell(row, at)) > Math.abs(cell(pivot, at))) pivot = row
    const [first = [], second = []] = [rows[at], rows[pivot]]
    rows[at] = second
    rows[pivot] = first
    for (let row = 0; row < rows.length; row++) {
      const factor = cell(row, at) / cell(at, at)
      if (row === at || factor === 0) continue
      rows[row] = (rows[row] ?? []).map((value, column) => value - factor * cell(at, column))
    }
  }
  return rows.map((_, at) => cell(at, rows.length) / cell(at, at))
}
