import { field } from '../../lake/column.ts'
import { resultTable, workTable } from '../result.ts'

export const channelTransition = resultTable(
  'channel_transition',
  'How journeys go from channel to channel: consecutive touchpoints on different ones, by the time of the second',
  [
    field(2, 'from_channel', 'string', 'Of the first of the two'),
    field(3, 'to_channel', 'string', 'Of the second'),
    field(4, 'transitions', 'long', 'How often'),
    field(5, 'journeys', 'long', 'In how many journeys'),
    field(6, 'share', 'double', 'Of all transitions that leave from_channel'),
    field(
      7,
      'conversion_rate',
      'double',
      'Converted ones among the ended journeys that went so before their end or by the purchase; null: none did',
    ),
    field(8, 'median_hours', 'double', 'Between the two touchpoints'),
  ],
)

export const workTransition = workTable('transition', 'Every transition of every journey', [
  field(2, 'from_channel', 'string', 'As in channel_transition'),
  field(3, 'to_channel', 'string', 'As in channel_transition'),
  field(4, 'journey_id', 'string', 'As in journey'),
  field(5, 'status', 'string', 'Of the journey, as of the run'),
  field(6, 'is_before_end', 'boolean', 'It is not after the purchase'),
  field(7, 'hours', 'double', 'Between the two touchpoints'),
])
