import { field } from '../../lake/column.ts'
import { resultTable, workTable } from '../result.ts'

export const rfm = resultTable(
  'rfm',
  'How recently, how often and for how much each customer bought, with scores from 1, the worst, to 5 and the segment',
  [
    field(2, 'person_id', 'string', 'As of the run; not the neutral persons of shared devices'),
    field(3, 'currency', 'string', 'Of the latest order with something left of it'),
    field(4, 'recency_days', 'long', 'Whole days from that order to the end of the time of the run'),
    field(5, 'frequency', 'long', 'Orders with something left of them, in any currency'),
    field(6, 'monetary', 'money', 'What is left of those in this currency'),
    field(7, 'r', 'int', '1 + floor(5 (rank - 1) / customers), by recency_days; ties share the lowest rank'),
    field(8, 'f', 'int', 'Likewise by frequency'),
    field(9, 'm', 'int', 'Likewise by monetary, among the customers of the currency'),
    field(10, 'segment', 'string', 'By r and f, such as champions or at_risk'),
  ],
)

export const workRfm = workTable('rfm', 'Orders with something left of them', [
  field(2, 'person_id', 'string', 'As in sales_order'),
  field(3, 'order_number', 'long', 'As in sales_order'),
  field(4, 'order_time', 'timestamp', 'As in sales_order'),
  field(5, 'currency', 'string', 'As in sales_order'),
  field(6, 'net', 'money', 'As in sales_order'),
])
