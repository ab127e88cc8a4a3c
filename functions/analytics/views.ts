import { type Field, trinoType } from '../lake/column.ts'
import type { LakeTable } from '../lake/table.ts'
import { column } from '../lake/view.ts'
import { analyses } from './analyses.ts'
import type { Analysis, AnalysisView } from './analysis.ts'
import { analysisHistory, analysisRun } from './runs.ts'
import { literalText } from './statement.ts'

/** For each result its latest run, and what analyses show beside. */
export const analysisViews: readonly AnalysisView[] = [
  analysisHistory,
  ...analyses.flatMap((analysis) => [
    ...analysis.results.map((result) => latestOf(analysis, result)),
    ...analysis.views,
  ]),
]

function latestOf({ name: analysis }: Analysis, { name, comment, fields }: LakeTable): AnalysisView {
  const names = fields.map((field) => field.name).join(', ')
  return {
    name: `latest_${name}`,
    comment: `${comment}; of the last run that succeeded`,
    columns: fields.map((field: Field) => column(field.name, trinoType(field.type), field.comment)),
    sql: () => `select ${names}
from ${name}
where run_id = (
  select max(run_id) from ${analysisRun.name} where analysis = ${literalText(analysis)} and status = 'succeeded'
)`,
  }
}
