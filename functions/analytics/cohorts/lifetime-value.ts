import { column } from '../../lake/view.ts'
import type { AnalysisView } from '../analysis.ts'
import { statement } from '../statement.ts'

export const lifetimeValue: AnalysisView = {
  name: 'lifetime_value',
  comment: 'What customers have brought since their first order, by cohort; of the last run that succeeded',
  columns: [
    column('cohort_month', 'date', 'As in cohort'),
    column('first_channel', 'varchar', 'As in cohort'),
    column('month', 'integer', 'As in cohort'),
    column('currency', 'varchar', 'As in cohort'),
    column('customers', 'bigint', 'As in cohort'),
    column('revenue', 'decimal(18,4)', 'From month 0 up to and including this one'),
    column('revenue_per_customer', 'double', 'Of all customers of the cohort, whatever their currency'),
  ],
  sql: () => statement('cohorts', 'lifetime-value'),
}
