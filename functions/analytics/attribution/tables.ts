import { field } from '../../lake/column.ts'
import { resultTable, workTable } from '../result.ts'

export const attributionTable = resultTable(
  'attribution',
  'What touches contributed to purchases, by model; of one model, dimension and currency the sums are those of the converted journeys',
  [
    field(
      2,
      'model',
      'string',
      'first, last, last_non_direct, linear, time_decay, u_shaped, j_shaped, shapley or markov_ with its order',
    ),
    field(3, 'dimension', 'string', 'channel, channel_group, source_medium or campaign'),
    field(4, 'dimension_value', 'string', '(none): a purchase without touches and without a value itself'),
    field(5, 'currency', 'string', 'Of the orders; ISO 4217'),
    field(6, 'conversions', 'double', 'Converted journeys, 6 decimals'),
    field(7, 'net_conversions', 'double', 'Without those whose order was given back wholly, 6 decimals'),
    field(8, 'gross_revenue', 'money', 'Of their orders as bought'),
    field(9, 'revenue', 'money', 'The same less what was given back'),
    field(10, 'cost', 'money', 'Of campaigns in that time and currency; null: none is known'),
    field(11, 'roas', 'double', 'revenue / cost; null without cost'),
  ],
)

export const removalTable = resultTable(
  'attribution_removal',
  'How much less likely a conversion is without a value, by Markov model',
  [
    field(2, 'model', 'string', 'markov_1 to markov_4'),
    field(3, 'dimension', 'string', 'As in attribution'),
    field(4, 'dimension_value', 'string', 'As in attribution'),
    field(
      5,
      'removal_effect',
      'double',
      '1 less the probability of a conversion without it, as a share of that with it',
    ),
  ],
)

export const transitionTable = resultTable(
  'attribution_transition',
  'What followed which touches in converted and abandoned journeys, by Markov model',
  [
    field(2, 'model', 'string', 'markov_1 to markov_4'),
    field(3, 'dimension', 'string', 'As in attribution'),
    field(4, 'from_state', { elementId: 5, element: 'string' }, '(start), or the last touches, oldest first'),
    field(
      6,
      'to_state',
      { elementId: 7, element: 'string' },
      'The same after the next touch, or (conversion) or (null)',
    ),
    field(8, 'transitions', 'long', 'How often'),
    field(9, 'probability', 'double', 'As a share of all from that state'),
  ],
)

export const journeyWork = workTable('attribution_journey', 'Journeys that converted or were given up', [
  field(2, 'person_id', 'string', 'As in journey'),
  field(3, 'journey_id', 'string', 'As in journey'),
  field(4, 'purchase_key', 'string', 'Where the purchase stands in the list of the person; null: none'),
  field(5, 'reference_at', 'timestamp', 'Of the purchase, else of the last touchpoint that prolonged it'),
  field(6, 'is_converted', 'boolean', 'Or given up'),
  field(7, 'is_kept', 'boolean', 'The order was not given back wholly'),
  field(8, 'currency', 'string', 'Of the order'),
  field(9, 'gross', 'money', 'Of the order as bought'),
  field(10, 'net', 'money', 'Of the order less what was given back'),
])

export const stepWork = workTable('attribution_step', 'Their touchpoints up to the purchase, and it', [
  field(2, 'person_id', 'string', 'As in journey'),
  field(3, 'journey_id', 'string', 'As in journey'),
  field(4, 'step', 'long', 'Order within the journey'),
  field(5, 'is_purchase', 'boolean', 'Of the phase that converts'),
  field(6, 'days', 'double', 'Until the reference time'),
  field(7, 'channel', 'string', 'As in touchpoint'),
  field(8, 'channel_group', 'string', 'As in touchpoint'),
  field(9, 'source_medium', 'string', 'Of its campaign; (none) for a missing half'),
  field(10, 'campaign', 'string', 'Id'),
])

export const pathWork = workTable('attribution_path', 'The touches of each journey by dimension', [
  field(2, 'person_id', 'string', 'As in journey'),
  field(3, 'journey_id', 'string', 'As in journey'),
  field(4, 'dimension', 'string', 'As in attribution'),
  field(5, 'touches', { elementId: 6, element: 'string' }, 'Values, oldest first, consecutive ones differ'),
  field(7, 'days', { elementId: 8, element: 'double' }, 'Of each before the reference time'),
  field(9, 'purchase_value', 'string', 'What is credited without touches; null: not converted'),
  field(10, 'is_converted', 'boolean', 'As in work_attribution_journey'),
  field(11, 'is_kept', 'boolean', 'As in work_attribution_journey'),
  field(12, 'currency', 'string', 'As in work_attribution_journey'),
  field(13, 'gross', 'money', 'As in work_attribution_journey'),
  field(14, 'net', 'money', 'As in work_attribution_journey'),
])

export const transitionWork = workTable(
  'attribution_transition',
  'Transitions of the highest order asked for',
  [
    field(2, 'dimension', 'string', 'As in attribution'),
    field(3, 'from_state', { elementId: 4, element: 'string' }, 'The last touches; empty: the start'),
    field(5, 'next_value', 'string', 'The next touch; null: the journey ended'),
    field(6, 'ending', 'string', '(conversion) or (null), of one that ended'),
    field(7, 'transitions', 'long', 'How often'),
  ],
)

const exact = (id: number, name: string) => field(id, name, 'string', 'Exact: a decimal as text')

export const creditWork = workTable('attribution_credit', 'What each model credits, not yet rounded', [
  field(2, 'model', 'string', 'As in attribution'),
  field(3, 'dimension', 'string', 'As in attribution'),
  field(4, 'dimension_value', 'string', 'As in attribution'),
  field(5, 'currency', 'string', 'As in attribution'),
  exact(6, 'conversions'),
  exact(7, 'net_conversions'),
  exact(8, 'gross_revenue'),
  exact(9, 'revenue'),
])

export const costWork = workTable('attribution_cost', 'What each value cost', [
  field(2, 'dimension', 'string', 'As in attribution'),
  field(3, 'dimension_value', 'string', 'As in attribution'),
  field(4, 'currency', 'string', 'Of the campaigns'),
  field(5, 'cost', 'money', 'In the time of the run'),
])
