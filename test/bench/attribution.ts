import { z } from 'zod'
import { chainOf, type Transition } from '../../functions/analytics/attribution/chain.ts'
import { removalEffects } from '../../functions/analytics/attribution/removal-effects.ts'
import { askPython, python } from '../analytics/markov-numpy.ts'
import { type Path, randomPaths } from '../analytics/markov-paths.ts'
import { type Column, printTable } from './report.ts'

const runs = 3

/** The Markov model of order 1, from the paths of journeys in memory to removal effects, each in its own language. */
export async function benchAttribution(): Promise<void> {
  if (python === undefined)
    console.log(
      'attribution: without OMNIJOURNEY_PYTHON, an interpreter with ChannelAttribution, nothing is compared\n',
    )
  const rows: Column[][] = []
  for (const count of [10_000, 1_000_000]) {
    const paths = randomPaths({ seed: 1, count, values: 10 })
    const own = fastest(() => effectsOf(paths))
    rows.push([`${count} paths, omnijourney`, own.ms, 1, 0])
    if (python !== undefined) rows.push(...(await othersOf(paths, own)))
  }
  printTable('attribution: markov_1, 10 channels', ['', 'ms', 'of omnijourney', 'largest difference'], rows)
}

type Effects = Record<string, number>
type Timed = { ms: number; effects: Effects }

function fastest(work: () => Effects): Timed {
  let ms = Number.POSITIVE_INFINITY
  let effects: Effects = {}
  for (let run = 0; run < runs; run++) {
    const startedMs = performance.now()
    effects = work()
    ms = Math.min(ms, performance.now() - startedMs)
  }
  return { ms, effects }
}

function effectsOf(paths: readonly Path[]): Effects {
  const chain = chainOf(counted(paths), 1)
  const { effects } = removalEffects(chain)
  return Object.fromEntries(chain.values.map((value, at) => [value, effects[at] ?? Number.NaN]))
}

/** As the lake counts them. */
function counted(paths: readonly Path[]): Transition[] {
  const found = new Map<string, Map<string | boolean, Transition>>()
  const count = (from: string, next: string | boolean) => {
    const after = found.get(from)
    const seen = after?.get(next)
    if (seen) seen.count += 1
    else if (after) after.set(next, transitionOf(from, next))
    else found.set(from, new Map([[next, transitionOf(from, next)]]))
  }
  for (const { touches, isConversion } of paths) {
    let before = ''
    for (const touch of touches) {
      count(before, touch)
      before = touch
    }
    count(before, isConversion)
  }
  return [...found.values()].flatMap((after) => [...after.values()])
}

const transitionOf = (from: string, next: string | boolean): Transition => ({
  from: from === '' ? [] : [from],
  next: typeof next === 'string' ? next : null,
  isConversion: next === true,
  count: 1,
})

const answerSchema = z.record(
  z.string(),
  z.object({ ms: z.number(), effects: z.record(z.string(), z.number()) }),
)

async function othersOf(paths: readonly Path[], own: Timed): Promise<Column[][]> {
  const told = paths.map(({ touches, isConversion }) => [touches, isConversion])
  const answers = answerSchema.parse(await askPython('markov_times.py', { paths: told, runs }))
  return Object.entries(answers).map(([name, { ms, effects }]) => {
    const differences = Object.entries(own.effects).map(([value, effect]) =>
      Math.abs(effect - (effects[value] ?? Number.NaN)),
    )
    return [`${paths.length} paths, ${name}`, ms, ms / own.ms, Math.max(...differences).toExponential(1)]
  })
}
