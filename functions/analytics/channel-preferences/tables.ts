import { field } from '../../lake/column.ts'
import { resultTable, workTable } from '../result.ts'

export const channelPreference = resultTable(
  'channel_preference',
  'Where customers look around and where they buy, overall and by category; the older, the less it weighs',
  [
    field(2, 'category', 'string', 'Of touchpoints and orders with an item of it; null: overall'),
    field(3, 'channel', 'string', 'As in touchpoint; of orders that of the earliest report'),
    field(
      4,
      'interactions',
      'long',
      'Touchpoints of phases before the converting one, without those by which the retailer reaches out',
    ),
    field(5, 'purchases', 'long', 'Orders, also those given back'),
    field(
      6,
      'interaction_share',
      'double',
      "The channel's part of the weight of all interactions; null: there are none",
    ),
    field(
      7,
      'purchase_share',
      'double',
      "The channel's part of the weight of all purchases; null: there are none",
    ),
  ],
)

export const workChannelPreference = workTable('channel_preference', 'Sums of weights by kind', [
  field(2, 'kind', 'string', 'interaction or purchase'),
  field(3, 'category', 'string', 'As in channel_preference'),
  field(4, 'channel', 'string', 'As in channel_preference'),
  field(5, 'amount', 'long', 'How many touchpoints or orders'),
  field(6, 'weight', 'double', 'Sum of 0.5^(age / half-life)'),
])
