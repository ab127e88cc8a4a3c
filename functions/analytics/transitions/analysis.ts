import * as z from 'zod'
import type { Analysis, Program, Run } from '../analysis.ts'
import { runLiterals } from '../run-literals.ts'
import { statement } from '../statement.ts'
import { channelTransition, workTransition } from './tables.ts'

async function* program(run: Run): Program {
  const literals = runLiterals(run)
  run.say('Reading the steps of journeys')
  yield statement('transitions', 'collect', literals)
  run.say('Counting transitions')
  yield statement('transitions', 'summarise', literals)
  yield statement('transitions', 'clear', literals)
}

export const transitions: Analysis = {
  name: 'transitions',
  description: 'From which channel journeys go to which, how soon, and how many of them convert',
  results: [channelTransition],
  order: 'transitions desc, from_channel, to_channel',
  work: [workTransition],
  views: [],
  parameters: z.strictObject({}),
  program,
}
