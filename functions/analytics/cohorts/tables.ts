import { field } from '../../lake/column.ts'
import { resultTable, workTable } from '../result.ts'

const cohortMonth = 'First day of the month of the first order, UTC'
const firstChannel = "Of the customer's first touchpoint"
const month = 'Calendar months since cohort_month; what came back earlier of unknown orders is in 0'

export const cohort = resultTable(
  'cohort',
  'Customers by the month of their first order and the channel of their first touchpoint: what they bought month by month; one row per currency',
  [
    field(2, 'cohort_month', 'date', cohortMonth),
    field(3, 'first_channel', 'string', firstChannel),
    field(4, 'month', 'int', `${month}; without a gap up to the month of the latest order of all`),
    field(5, 'customers', 'long', 'Of the cohort, whatever their currency'),
    field(6, 'active_customers', 'long', 'Those with an order in the month, also one that was given back'),
    field(7, 'orders', 'long', 'In the month, also those given back'),
    field(8, 'currency', 'string', 'Of the orders'),
    field(9, 'revenue', 'money', 'What is left of the orders, less what came back of unknown ones'),
  ],
)

export const workCohortOrder = workTable('cohort_order', 'Orders of the customers of cohorts', [
  field(2, 'person_id', 'string', 'As of the run'),
  field(3, 'cohort_month', 'date', cohortMonth),
  field(4, 'month', 'int', month),
  field(5, 'is_order', 'boolean', 'False: a refund of an unknown order'),
  field(6, 'currency', 'string', 'As in sales_order'),
  field(7, 'net', 'money', 'As in sales_order'),
])

export const workCohortCustomer = workTable('cohort_customer', 'The customers of cohorts', [
  field(2, 'person_id', 'string', 'As of the run'),
  field(3, 'cohort_month', 'date', cohortMonth),
  field(4, 'first_channel', 'string', firstChannel),
])
