import { column } from '../../lake/view.ts'
import { type Analysis, type AnalysisView, type Program, Refusal, type Row, type Run } from '../analysis.ts'
import { statement } from '../statement.ts'
import { cleared } from './cleared.ts'
import { limits, numberText } from './limits.ts'
import { parameters } from './parameters.ts'
import { rules } from './rules.ts'
import { frequentSets } from './sets.ts'
import { type Limits, type Question, text } from './steps.ts'
import { results, work } from './tables.ts'

const contrast: AnalysisView = {
  name: 'association_contrast',
  comment: 'Pairs that are bought together in stores but not online, or the other way round; of the last run',
  sql: () => statement('associations', 'association_contrast'),
  columns: [
    column('level', 'varchar', 'sku, product, category or brand: what the items are'),
    column('antecedent', 'varchar', 'The one item'),
    column('consequent', 'varchar', 'The other item'),
    column('store_rule_count', 'bigint', 'Baskets of the channel store with both'),
    column('online_rule_count', 'bigint', 'Baskets of web, app and marketplace with both'),
    column(
      'store_confidence',
      'double',
      'Of those in stores with the antecedent, the share with the consequent',
    ),
    column(
      'online_confidence',
      'double',
      'Of those online with the antecedent, the share with the consequent',
    ),
    column('store_lift', 'double', 'In stores: 1 is independent, above 1 more often together'),
    column('online_lift', 'double', 'Online: 1 is independent, above 1 more often together'),
    column('confidence_difference', 'double', 'store_confidence less online_confidence'),
    column(
      'p_value',
      'double',
      "So many in stores or more, if confidence were the same: Fisher's exact test",
    ),
    column('q_value', 'double', 'p_value after Benjamini-Hochberg over all pairs of the level'),
  ],
}

/** @param of lower limits are for tests */
export const createAssociations = (of: Limits): Analysis => ({
  name: 'associations',
  description:
    'What is bought together: frequent sets and association rules, and where stores differ from online',
  results,
  order: 'lift desc, rule_count desc, scope, level, antecedent, consequent',
  work,
  views: [contrast],
  parameters,
  program: (run) => program({ run, asked: parameters.parse(run.parameters), limits: of }),
})

export const associations = createAssociations(limits)

async function* program(question: Question): Program {
  const { run, asked } = question
  run.say(`Reads the lines of all orders from ${run.from} to ${run.to}.`)
  yield text(question, 'lines', {
    from: new Date(run.from),
    to: new Date(run.to),
    levels: asked.levels,
  })
  yield text(question, 'groups', { scopes: asked.scopes })
  const groups = await (yield text(question, 'select-groups')).rows()
  const missing = asked.scopes.filter(
    (scope) => scope.includes('=') && !groups.some((row) => row.scope === scope),
  )
  if (groups.length === 0 || missing.length > 0) {
    const known = await (yield text(question, 'select-scopes')).rows()
    if (known.length > 0 && missing.length > 0) {
      yield* cleared(question)
      throw new Refusal(unknownScopes(missing, known))
    }
  }
  if (groups.length === 0) run.say(noOrders(run))
  else {
    run.say(basketsText(groups))
    yield* rules(question, yield* frequentSets(question))
  }
  yield* cleared(question)
}

const noOrders = ({ from, to }: Run): string =>
  `There are no orders with such items from ${from} to ${to}: nothing to find.`

function unknownScopes(missing: readonly string[], known: readonly Row[]): string {
  const names = known.map(({ scope }) => scope ?? '')
  return `there is no basket in ${missing.join(', ')}; there are some in ${names.join(', ')}`
}

function basketsText(groups: readonly Row[]): string {
  const most = groups.reduce((sum, { basket_count }) => Math.max(sum, Number(basket_count)), 0)
  return `Up to ${numberText(most)} baskets in each of ${numberText(groups.length)} scopes and levels.`
}
