import * as z from 'zod'
import type { Analysis, Program, Run } from '../analysis.ts'
import { runLiterals } from '../run-literals.ts'
import { statement } from '../statement.ts'
import { journeyPath, journeyPattern, workJourneyPath, workOrderCategory } from './tables.ts'

const parameters = z.strictObject({
  /** How many paths. */
  limit: z.int().min(1).max(100_000).default(1000),
  /** In channels; of a longer path those nearest to its end are kept. */
  maxLength: z.int().min(1).max(100).default(20),
})

async function* program(run: Run): Program {
  const { limit, maxLength } = parameters.parse(run.parameters)
  const literals = { ...runLiterals(run), limit, max_length: maxLength }
  run.say('Reading the steps of journeys')
  yield statement('paths', 'collect-paths', literals)
  run.say('Counting paths')
  yield statement('paths', 'count-paths', literals)
  run.say('Counting patterns')
  yield statement('paths', 'collect-categories', literals)
  yield statement('paths', 'count-patterns', literals)
  yield statement('paths', 'clear-paths', literals)
  yield statement('paths', 'clear-categories', literals)
}

export const paths: Analysis = {
  name: 'paths',
  description: 'The most frequent paths of channels with what they sold, and patterns by category and store',
  results: [journeyPath, journeyPattern],
  order: 'journeys desc, path, currency',
  work: [workJourneyPath, workOrderCategory],
  views: [],
  parameters,
  program,
}
