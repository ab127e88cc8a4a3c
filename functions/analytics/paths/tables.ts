import { field } from '../../lake/column.ts'
import { resultTable, workTable } from '../result.ts'

export const journeyPath = resultTable(
  'journey_path',
  'By which channels journeys went that have ended, the most frequent paths; one row per path and currency',
  [
    field(
      2,
      'path',
      { elementId: 3, element: 'string' },
      'Channels of the touchpoints up to the end, the purchase included, repeats in a row as one; of a longer path the last ones after an ellipsis',
    ),
    field(4, 'journeys', 'long', 'Ended journeys of the path; the same in each of its rows'),
    field(5, 'conversions', 'long', 'Those of them that converted with an order in this currency'),
    field(6, 'currency', 'string', 'Of the orders; null: none converted'),
    field(7, 'value', 'money', 'Of these journeys'),
  ],
)

export const journeyPattern = resultTable(
  'journey_pattern',
  'How common patterns are in journeys that converted: of all, by category and by store',
  [
    field(2, 'pattern', 'string', 'Such as webroomer'),
    field(3, 'category', 'string', 'Of an item of the order; null: not by category'),
    field(4, 'store_id', 'string', 'A store that the journey was in; null: not by store'),
    field(5, 'journeys', 'long', 'That have the pattern'),
    field(6, 'share', 'double', 'Of all that converted, with that category or in that store'),
  ],
)

export const workJourneyPath = workTable('journey_path', 'Each ended journey with its path', [
  field(2, 'journey_id', 'string', 'As in journey'),
  field(3, 'is_converted', 'boolean', 'Not abandoned'),
  field(4, 'path', { elementId: 5, element: 'string' }, 'As in journey_path, not cut'),
  field(6, 'order_key', 'string', 'As in journey'),
  field(7, 'currency', 'string', 'As in journey'),
  field(8, 'value', 'money', 'As in journey'),
  field(9, 'patterns', { elementId: 10, element: 'string' }, 'As in journey'),
  field(11, 'store_ids', { elementId: 12, element: 'string' }, 'Stores of its touchpoints in stores; sorted'),
])

export const workOrderCategory = workTable('order_category', 'Categories of the orders of these journeys', [
  field(2, 'order_key', 'string', 'As in journey'),
  field(3, 'category', 'string', 'Of an item'),
])
