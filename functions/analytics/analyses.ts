import type { Analysis } from './analysis.ts'
import { associations } from './associations/analysis.ts'
import { attribution } from './attribution/analysis.ts'
import { channelPreferences } from './channel-preferences/analysis.ts'
import { cohorts } from './cohorts/analysis.ts'
import { journeyMap } from './journey-map/analysis.ts'
import { paths } from './paths/analysis.ts'
import { segments } from './segments/analysis.ts'
import { transitions } from './transitions/analysis.ts'

/** All analyses, in the order in which people read them. A new one is a folder beside this file and a line here. */
export const analyses: readonly Analysis[] = [
  associations,
  attribution,
  transitions,
  paths,
  channelPreferences,
  journeyMap,
  segments,
  cohorts,
]
