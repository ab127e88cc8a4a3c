import * as z from 'zod'
import type { Analysis, Program, Run } from '../analysis.ts'
import { runLiterals } from '../run-literals.ts'
import { statement } from '../statement.ts'
import { rfm, workRfm } from './tables.ts'

const dayMs = 86_400_000

const parameters = z.strictObject({
  /** Orders of so many days before the end of the run count, if the run does not begin later. */
  days: z.int().min(1).max(3650).default(365),
})

async function* program(run: Run): Program {
  const { days } = parameters.parse(run.parameters)
  const { from, to, ...others } = runLiterals(run)
  const since = new Date(Math.max(from.getTime(), to.getTime() - days * dayMs))
  const literals = { ...others, since, to }
  run.say('Reading orders')
  yield statement('segments', 'collect', literals)
  run.say('Scoring customers')
  yield statement('segments', 'score', literals)
  yield statement('segments', 'clear', literals)
}

export const segments: Analysis = {
  name: 'segments',
  description: 'Customers by how recently, how often and for how much they bought (RFM)',
  results: [rfm],
  order: 'monetary desc, person_id',
  work: [workRfm],
  views: [],
  parameters,
  program,
}
