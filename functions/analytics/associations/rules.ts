import { Refusal } from '../analysis.ts'
import { cleared } from './cleared.ts'
import { higherSupports, numberText, wishesText } from './limits.ts'
import { rulesOf, splitsText, splitsUpTo } from './splits.ts'
import { type Question, type Steps, text } from './steps.ts'
import { partsOf, probabilitiesText } from './tails.ts'

/**
 * The rules of the frequent sets, each with how likely it is by chance.
 * @throws Refusal where there would be too many
 */
export async function* rules(question: Question, setsBySize: ReadonlyMap<number, number>): Steps<void> {
  const { run, asked } = question
  const longest = Math.max(...setsBySize.keys())
  const splits = splitsUpTo(longest, asked.maxConsequent)
  const expected = rulesOf(setsBySize, splits)
  if (expected > question.limits.rules) yield* tooMany(question, expected)
  run.say(`${numberText(expected)} rules.`)
  yield text(question, 'itemsets')
  if (splits.length > 0) yield text(question, 'rules', { splits: splitsText(splits) })
  yield text(question, 'pairs')
  yield* probabilities(question)
  yield text(question, 'measures', { min_confidence: asked.minConfidence })
  yield text(question, 'sides')
}

/** SQL has no such function; each is computed once, however many rules want it. */
async function* probabilities(question: Question): Steps<void> {
  yield text(question, 'tails')
  const packs = await (yield text(question, 'packs')).rows()
  for (const part of partsOf(packs.map(({ tails }) => tails ?? '')))
    yield text(question, 'probabilities', { before: part.before, probabilities: probabilitiesText(part) })
}

async function* tooMany(question: Question, expected: number): Steps<never> {
  const { asked, limits } = question
  const wishes = higherSupports(asked)
  const splits = splitsUpTo(asked.maxLength, asked.maxConsequent)
  const answer = yield text(question, 'fewer-sets', { wishes: wishesText(wishes) })
  const found = await answer.rows()
  const rulesAt = (wish: number): number => {
    const own = found.filter((row) => Number(row.wish) === wish)
    return rulesOf(new Map(own.map(({ size, number }) => [Number(size), Number(number)])), splits)
  }
  const enough = wishes.find((_, at) => rulesAt(at + 1) <= limits.rules)
  yield* cleared(question)
  const advice = enough
    ? `minSupport ${enough.minSupport}`
    : 'a smaller maxLength or a broader level, such as category'
  throw new Refusal(
    `minSupport ${asked.minSupport} would make ${numberText(expected)} rules, more than ${numberText(limits.rules)}; use ${advice}`,
  )
}
