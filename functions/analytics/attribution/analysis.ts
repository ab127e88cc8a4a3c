import type { Analysis, Answer, Program, Run } from '../analysis.ts'
import { type Literal, literalText, statement } from '../statement.ts'
import {
  insertTexts,
  type Markov,
  markovsOf,
  type Removal,
  removalsOf,
  solvable,
  tooLargeText,
} from './markov.ts'
import { type AttributionParameters, markovModel, parameters } from './parameters.ts'
import {
  attributionTable,
  costWork,
  creditWork,
  journeyWork,
  pathWork,
  removalTable,
  stepWork,
  transitionTable,
  transitionWork,
} from './tables.ts'

const dayMs = 86_400_000

export const attribution: Analysis = {
  name: 'attribution',
  description: 'What channels and campaigns contributed to purchases, by several models, and what they cost',
  results: [attributionTable, removalTable, transitionTable],
  order: 'dimension, model, conversions desc, dimension_value, currency',
  work: [journeyWork, stepWork, pathWork, transitionWork, creditWork, costWork],
  views: [],
  parameters,
  async *program(run) {
    const asked = parameters.parse(run.parameters)
    run.say('Reading the touches of journeys')
    yield* findPaths(run, asked)
    const { runId: run_id } = run
    const { dimensions, models, halfLifeDays } = asked
    const counted = yield text('conversions', { run_id })
    if ((await counted.rows())[0]?.conversions === '0')
      run.say('No journey converted in that time: there is nothing to attribute.')
    yield text('costs', { run_id, dimensions, from: new Date(run.from), to: new Date(run.to) })

    run.say('Crediting them')
    const simple = models.filter((model) => model !== 'markov')
    const byPlace = simple.filter((model) => model !== 'time_decay')
    if (byPlace.length > 0) yield text('credit-places', { run_id, models: byPlace })
    if (models.includes('time_decay')) yield text('credit-time-decay', { run_id, half_life: halfLifeDays })
    const markovs = models.includes('markov') ? yield* creditMarkov(run, asked) : []
    const simples = dimensions.flatMap((dimension) => simple.map((model) => ({ model, dimension })))
    const pairs = [...simples, ...markovs]
    if (pairs.length > 0) yield text('attribution', { run_id, ...columnsOf(pairs) })
    for (const { name } of [pathWork, creditWork, costWork]) yield emptied(run, name)
  },
}

const text = (name: string, literals: Record<string, Literal>): string =>
  statement('attribution', name, literals)

const emptied = ({ runId }: Run, table: string): string =>
  `delete from ${table} where run_id = ${literalText(runId)}`

/** A list for each column, as `unnest` takes them. */
const columnsOf = (pairs: readonly Pick<Markov, 'model' | 'dimension'>[]) => ({
  models: pairs.map(({ model }) => model),
  dimensions: pairs.map(({ dimension }) => dimension),
})

/** Leaves the touches of all journeys in work_attribution_path. */
async function* findPaths(run: Run, { dimensions, lookbackDays }: AttributionParameters): Program {
  const { runId: run_id } = run
  const [from, to] = [new Date(run.from), new Date(run.to)]
  const lookback_ms = Math.round(lookbackDays * dayMs)
  const since = new Date(from.getTime() - lookback_ms)
  yield text('journeys', { run_id, from, to })
  yield text('steps', { run_id, since, to, lookback_ms })
  yield text('paths', { run_id, dimensions })
  for (const { name } of [journeyWork, stepWork]) yield emptied(run, name)
}

/** @returns the models that were small enough */
async function* creditMarkov(
  run: Run,
  { dimensions, markovOrders }: AttributionParameters,
): AsyncGenerator<string, Markov[], Answer> {
  const { runId: run_id } = run
  run.say('Counting what follows what')
  const asked = markovsOf(markovOrders, dimensions)
  yield text('transitions', { run_id, order: Math.max(...markovOrders) })
  yield text('show-transitions', { run_id, models: markovOrders.map(markovModel) })
  const sizes = yield text('transition-sizes', { run_id })
  const { small, large } = solvable(await sizes.rows(), asked)
  for (const markov of large) run.say(tooLargeText(markov))
  const read: { answer: Answer; models: Markov[] }[] = []
  for (const [dimension, models] of Map.groupBy(small, (markov) => markov.dimension)) {
    const order = Math.max(...models.map((markov) => markov.order))
    read.push({ answer: yield text('read-transitions', { run_id, dimension, order }), models })
  }
  yield emptied(run, transitionWork.name)
  if (small.length > 0) run.say('Solving Markov chains')
  // Late, for it is reckoned again before every statement that follows.
  const removals: Removal[] = []
  for (const { answer, models } of read) removals.push(...removalsOf(await answer.rows(), models))
  yield* insertTexts(run.runId, removals)
  if (small.length > 0) yield text('credit-markov', { run_id, ...columnsOf(small) })
  return small
}
