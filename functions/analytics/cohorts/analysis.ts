import * as z from 'zod'
import type { Analysis, Program, Run } from '../analysis.ts'
import { runLiterals } from '../run-literals.ts'
import { statement } from '../statement.ts'
import { lifetimeValue } from './lifetime-value.ts'
import { cohort, workCohortCustomer, workCohortOrder } from './tables.ts'

async function* program(run: Run): Program {
  const literals = runLiterals(run)
  run.say('Reading orders')
  yield statement('cohorts', 'collect-orders', literals)
  run.say('Looking for the first touchpoint of each customer')
  yield statement('cohorts', 'collect-customers', literals)
  run.say('Counting by month')
  yield statement('cohorts', 'summarise', literals)
  yield statement('cohorts', 'clear-orders', literals)
  yield statement('cohorts', 'clear-customers', literals)
}

export const cohorts: Analysis = {
  name: 'cohorts',
  description: 'How many customers come back and what they bring, by the month of their first order',
  results: [cohort],
  order: 'cohort_month, first_channel, month, currency',
  work: [workCohortOrder, workCohortCustomer],
  views: [lifetimeValue],
  parameters: z.strictObject({}),
  program,
}
