import { Refusal } from '../analysis.ts'
import { cleared } from './cleared.ts'
import { higherSupports, megabytesToRead, numberText, wishesText } from './limits.ts'
import { supportOf } from './parameters.ts'
import { type Question, type Steps, text } from './steps.ts'

/**
 * The frequent sets, level by level (R. Agrawal, R. Srikant, Fast Algorithms for Mining Association Rules, 1994): two of a
 * size that differ in their last item make a candidate that is larger by one, counted where both are.
 * @returns how many there are of each size
 * @throws Refusal where a level would be too large
 */
export async function* frequentSets(question: Question): Steps<ReadonlyMap<number, number>> {
  const { run, asked } = question
  const support = literalsOf(question)
  const found = new Map<number, number>()
  yield text(question, 'items', support)
  yield text(question, 'item-occurrences')
  for (let size = 1; ; size++) {
    const [row] = await (yield text(question, 'candidates', { size })).rows()
    const [sets, candidates, occurrences] = [row?.sets, row?.candidates, row?.occurrences].map(Number)
    found.set(size, sets ?? 0)
    if (!candidates || size === asked.maxLength) return found
    if (candidates > question.limits.candidates) yield* tooMany(question, size, candidates)
    const reading = `reads at most ${numberText(megabytesToRead(occurrences ?? 0))} MB`
    run.say(
      `Sets of ${size + 1}: ${numberText(candidates)} candidates from ${numberText(sets ?? 0)} frequent sets of ${size}; ${reading}.`,
    )
    yield text(question, 'sets', { size, ...support })
    yield text(question, 'occurrences', { size })
  }
}

function literalsOf({ asked }: Question) {
  const { minCount, minShare } = supportOf(asked)
  return { min_count: minCount, min_share: minShare }
}

async function* tooMany(question: Question, size: number, candidates: number): Steps<never> {
  const { asked, limits } = question
  const wishes = higherSupports(asked)
  const answer = yield text(question, 'fewer-candidates', { size, wishes: wishesText(wishes) })
  const fewer = new Map((await answer.rows()).map(({ wish, number }) => [Number(wish), Number(number)]))
  const enough = wishes.find((_, at) => (fewer.get(at + 1) ?? 0) <= limits.candidates)
  const advice = [
    ...(enough ? [`minSupport ${enough.minSupport}`] : []),
    ...(size > 1 ? [`maxLength ${size}`] : []),
  ]
  yield* cleared(question)
  throw new Refusal(
    `minSupport ${asked.minSupport} would make ${numberText(candidates)} candidates for sets of ${size + 1}, more than ${numberText(limits.candidates)}; use ${advice.join(' or ') || 'a broader level, such as category'}`,
  )
}
