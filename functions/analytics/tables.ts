import type { LakeTable } from '../lake/table.ts'
import { analyses } from './analyses.ts'
import { analysisRun } from './runs.ts'

/** What runs need on their way. */
export const workTables: readonly LakeTable[] = analyses.flatMap(({ work }) => work)

/** The tables of the lake that analyses write. */
export const analysisTables: readonly LakeTable[] = [
  analysisRun,
  ...analyses.flatMap(({ results }) => results),
  ...workTables,
]
