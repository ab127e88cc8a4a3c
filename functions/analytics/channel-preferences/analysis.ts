import * as z from 'zod'
import type { Analysis, Program, Run } from '../analysis.ts'
import { runLiterals } from '../run-literals.ts'
import { statement } from '../statement.ts'
import { channelPreference, workChannelPreference } from './tables.ts'

const dayMs = 86_400_000

const parameters = z.strictObject({
  /** What is so old weighs half. */
  halfLifeDays: z.number().min(1).max(3650).default(90),
})

async function* program(run: Run): Program {
  const { halfLifeDays } = parameters.parse(run.parameters)
  const literals = {
    ...runLiterals(run),
    half_life_ms: halfLifeDays * dayMs,
    early_phases: run.model.phases.slice(0, run.model.phases.indexOf(run.model.converts)),
    exposures: [...run.model.exposures],
  }
  run.say('Weighing touchpoints by channel')
  yield statement('channel-preferences', 'weigh-interactions', literals)
  run.say('Weighing orders by channel')
  yield statement('channel-preferences', 'weigh-purchases', literals)
  yield statement('channel-preferences', 'weigh-purchases-by-category', literals)
  yield statement('channel-preferences', 'summarise', literals)
  yield statement('channel-preferences', 'clear', literals)
}

export const channelPreferences: Analysis = {
  name: 'channel-preferences',
  description: 'Where customers look around and where they buy, by category',
  results: [channelPreference],
  order: 'category nulls first, interaction_share desc, channel',
  work: [workChannelPreference],
  views: [],
  parameters,
  program,
}
