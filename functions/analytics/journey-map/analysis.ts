import * as z from 'zod'
import type { Analysis, Program, Run } from '../analysis.ts'
import { runLiterals } from '../run-literals.ts'
import { statement } from '../statement.ts'
import { journeyMap as journeyMapTable, workJourneyMap } from './tables.ts'

async function* program(run: Run): Program {
  const literals = runLiterals(run)
  run.say('Reading the touchpoints of journeys')
  yield statement('journey-map', 'collect', literals)
  run.say('Drawing the map')
  yield statement('journey-map', 'summarise', literals)
  yield statement('journey-map', 'clear', literals)
}

export const journeyMap: Analysis = {
  name: 'journey-map',
  description: 'What happens in each phase on each channel, how it is experienced and where it hurts',
  results: [journeyMapTable],
  order: 'phase, touchpoints desc, channel',
  work: [workJourneyMap],
  views: [],
  parameters: z.strictObject({}),
  program,
}
