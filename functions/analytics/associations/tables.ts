import { field } from '../../lake/column.ts'
import { resultTable, workTable } from '../result.ts'

const frequentItemset = resultTable(
  'frequent_itemset',
  'What is bought together in at least as many baskets as were asked for',
  [
    field(2, 'scope', 'string', 'all, or channel=, store= with a name: which baskets'),
    field(3, 'level', 'string', 'sku, product, category or brand: what the items are'),
    field(4, 'items', { elementId: 5, element: 'string' }, 'Sorted'),
    field(6, 'size', 'int', 'How many items'),
    field(7, 'itemset_count', 'long', 'Baskets with all of them'),
    field(8, 'basket_count', 'long', 'Baskets of the scope with any item of the level, also those of nobody'),
    field(9, 'support', 'double', 'itemset_count / basket_count'),
  ],
)

const associationRule = resultTable(
  'association_rule',
  'Who buys the antecedent buys the consequent: how often, and how much more often than by chance',
  [
    field(2, 'scope', 'string', 'all, or channel=, store= with a name: which baskets'),
    field(3, 'level', 'string', 'sku, product, category or brand: what the items are'),
    field(4, 'antecedent', { elementId: 5, element: 'string' }, 'Sorted'),
    field(6, 'consequent', { elementId: 7, element: 'string' }, 'Sorted'),
    field(8, 'antecedent_count', 'long', 'Baskets with the antecedent'),
    field(9, 'consequent_count', 'long', 'Baskets with the consequent'),
    field(10, 'rule_count', 'long', 'Baskets with both'),
    field(
      11,
      'basket_count',
      'long',
      'Baskets of the scope with any item of the level, also those of nobody',
    ),
    field(12, 'support', 'double', 'rule_count / basket_count'),
    field(13, 'confidence', 'double', 'rule_count / antecedent_count'),
    field(14, 'lift', 'double', 'confidence by the share of baskets with the consequent; 1: independent'),
    field(15, 'leverage', 'double', 'support less what independence would make it'),
    field(16, 'conviction', 'double', 'Share of baskets without the consequent by 1 - confidence; null at 1'),
    field(17, 'p_value', 'double', 'So many or more of both by chance: hypergeometric'),
    field(18, 'q_value', 'double', 'p_value after Benjamini-Hochberg over all rules of scope and level'),
  ],
)

const side = (name: string, of: string, firstId: number) => [
  field(firstId, `${name}_rule_count`, 'long', `${of} with both`),
  field(firstId + 1, `${name}_antecedent_count`, 'long', `${of} with the antecedent`),
  field(firstId + 2, `${name}_consequent_count`, 'long', `${of} with the consequent`),
  field(firstId + 3, `${name}_basket_count`, 'long', `${of} with any item of the level`),
]

const associationSide = resultTable(
  'association_side',
  'Pairs that are frequent in stores or in a channel online, as they are on both sides',
  [
    field(2, 'level', 'string', 'sku, product, category or brand: what the items are'),
    field(3, 'antecedent', 'string', 'The one item'),
    field(4, 'consequent', 'string', 'The other item'),
    ...side('store', 'Baskets of the channel store', 5),
    ...side('online', 'Baskets of web, app and marketplace', 9),
    field(
      13,
      'p_value',
      'double',
      "So many in stores or more, if confidence were the same: Fisher's exact test",
    ),
    field(14, 'q_value', 'double', 'p_value after Benjamini-Hochberg over all pairs of the level'),
  ],
)

const workLine = workTable('association_line', 'What is in each basket', [
  field(2, 'level', 'string', 'sku, product, category or brand'),
  field(3, 'basket', 'long', 'Number of the order'),
  field(4, 'channel', 'string', 'Of the order'),
  field(5, 'store_id', 'string', 'Of the order'),
  field(6, 'value', 'string', 'The item'),
])

const workGroup = workTable('association_group', 'Each scope with each level', [
  field(2, 'group_number', 'int', 'From 1'),
  field(3, 'scope', 'string', 'As in association_rule'),
  field(4, 'level', 'string', 'As in association_rule'),
  field(5, 'basket_count', 'long', 'As in association_rule'),
])

const workSet = workTable('association_set', 'Frequent sets, size by size', [
  field(2, 'size', 'int', 'How many items'),
  field(3, 'group_number', 'int', 'As in work_association_group'),
  field(4, 'set_number', 'int', 'From 1 in each group and size, in the order of prefix and last item'),
  field(5, 'prefix', 'int', 'Number of the set of its items but the last; 0: it has one item'),
  field(6, 'other', 'int', 'Number of the set of its items but the one before the last; 0: it has one item'),
  field(7, 'items', { elementId: 8, element: 'string' }, 'Sorted'),
  field(9, 'itemset_count', 'long', 'Baskets with all of them'),
])

const workOccurrence = workTable('association_occurrence', 'In which basket each frequent set is', [
  field(2, 'size', 'int', 'As in work_association_set'),
  field(3, 'group_number', 'int', 'As in work_association_set'),
  field(4, 'basket', 'long', 'As in work_association_line'),
  field(5, 'prefix', 'int', 'As in work_association_set'),
  field(6, 'set_number', 'int', 'As in work_association_set'),
])

const workRule = workTable('association_rule', 'Rules of all frequent sets', [
  field(2, 'group_number', 'int', 'As in work_association_set'),
  field(3, 'antecedent', { elementId: 4, element: 'string' }, 'Sorted'),
  field(5, 'consequent', { elementId: 6, element: 'string' }, 'Sorted'),
  field(7, 'antecedent_count', 'long', 'As in association_rule'),
  field(8, 'consequent_count', 'long', 'As in association_rule'),
  field(9, 'rule_count', 'long', 'As in association_rule'),
  field(10, 'basket_count', 'long', 'As in association_rule'),
])

const workPair = workTable('association_pair', 'Pairs in stores and online, both ways', [
  field(2, 'level', 'string', 'As in association_side'),
  field(3, 'antecedent', 'string', 'As in association_side'),
  field(4, 'consequent', 'string', 'As in association_side'),
  ...side('store', 'Baskets of the channel store', 5),
  ...side('online', 'Baskets of web, app and marketplace', 9),
])

const workTail = workTable('association_tail', 'Each probability that is wanted, once', [
  field(2, 'tail_number', 'long', 'From 1'),
  field(3, 'hits', 'long', 'So many marked ones are drawn, or more'),
  field(4, 'drawn', 'long', 'So many are drawn'),
  field(5, 'marked', 'long', 'So many are marked, no fewer than are drawn: which is which does not matter'),
  field(6, 'population', 'long', 'Of so many'),
])

const workProbability = workTable(
  'association_probability',
  'The probabilities of so many common baskets or more',
  [
    field(2, 'tail_number', 'long', 'As in work_association_tail'),
    field(3, 'p_value', 'double', 'Hypergeometric, upper tail'),
  ],
)

/** Rules first: they are what is shown. */
export const results = [associationRule, frequentItemset, associationSide]

export const work = [
  workLine,
  workGroup,
  workSet,
  workOccurrence,
  workRule,
  workPair,
  workTail,
  workProbability,
]
