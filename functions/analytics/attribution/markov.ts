import * as z from 'zod'
import type { Row } from '../analysis.ts'
import { literalText } from '../statement.ts'
import { chainOf, type Transition } from './chain.ts'
import { markovModel } from './parameters.ts'
import { removalEffects } from './removal-effects.ts'
import { removalTable } from './tables.ts'

/** A Markov model of one dimension. */
export interface Markov {
  model: string
  order: number
  dimension: string
}

export interface Removal {
  model: string
  dimension: string
  value: string
  effect: number
}

/** What one run can read and solve in the memory and time that it has. */
const mostTransitions = 500_000
const mostSolved = 20_000_000

const sizeSchema = z.object({
  model: z.string(),
  dimension: z.string(),
  transitions: z.coerce.number(),
  dimension_values: z.coerce.number(),
})

/**
 * Which models are small enough to be solved.
 * @param sizes rows of transition-sizes; a model without transitions has none
 */
export function solvable(sizes: readonly Row[], asked: readonly Markov[]) {
  const isLarge = new Map(
    sizes.map((row) => {
      const { model, dimension, transitions, dimension_values } = sizeSchema.parse(row)
      const large = transitions > mostTransitions || transitions * dimension_values > mostSolved
      return [`${model} ${dimension}`, large]
    }),
  )
  const { small = [], large = [] } = Object.groupBy(asked, ({ model, dimension }) =>
    isLarge.get(`${model} ${dimension}`) ? 'large' : 'small',
  )
  return { small, large }
}

export const tooLargeText = ({ model, dimension }: Markov): string =>
  `${model} by ${dimension} is left out: its journeys have too many different transitions. ` +
  'Ask for lower markovOrders, a shorter time or another dimension.'

const linesSchema = z.object({ lines: z.string() })

/** @param row of read-transitions, which says how it is written; values stay in hexadecimal digits */
function transitionsOf(row: Row): Transition[] {
  const { lines } = linesSchema.parse(row)
  return lines.split(';').flatMap((line) => {
    const [state = '', followers = ''] = line.split('=')
    const from = state === '' ? [] : state.split(' ')
    return followers.split(',').map((follower) => {
      const [next = '', count] = follower.split(':')
      const isEnd = next.startsWith('(')
      return { from, next: isEnd ? null : next, isConversion: next === '(conversion)', count: Number(count) }
    })
  })
}

/** The removal effects of all orders of a dimension, from the transitions of the highest; none where nothing converts. */
export function removalsOf(rows: readonly Row[], models: readonly Markov[]): Removal[] {
  const transitions = rows.flatMap(transitionsOf)
  return models.flatMap(({ model, order, dimension }) => {
    const chain = chainOf(transitions, order)
    const { probability, effects } = removalEffects(chain)
    if (probability === 0) return []
    return chain.values.map((value, at) => ({
      model,
      dimension,
      value: Buffer.from(value, 'hex').toString(),
      effect: effects[at] ?? 0,
    }))
  })
}

export const markovsOf = (orders: readonly number[], dimensions: readonly string[]): Markov[] =>
  dimensions.flatMap((dimension) => orders.map((order) => ({ model: markovModel(order), order, dimension })))

const mostBytes = 190_000

/** Statements that add them to their table, each no longer than Athena takes. */
export function insertTexts(runId: string, removals: readonly Removal[]): string[] {
  const columns = removalTable.fields.map(({ name }) => name).join(', ')
  const texts: string[] = []
  let rows: string[] = []
  let bytes = 0
  const close = () => {
    if (rows.length > 0) texts.push(`insert into ${removalTable.name} (${columns}) values ${rows.join(', ')}`)
    rows = []
    bytes = 0
  }
  for (const { model, dimension, value, effect } of removals) {
    const values = [...[runId, model, dimension, value].map(literalText), effect.toExponential()]
    const row = `(${values.join(', ')})`
    const length = Buffer.byteLength(row) + 2
    if (bytes + length > mostBytes) close()
    rows.push(row)
    bytes += length
  }
  close()
  return texts
}
