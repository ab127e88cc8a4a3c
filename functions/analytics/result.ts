import { type Field, field } from '../lake/column.ts'
import type { LakeTable } from '../lake/table.ts'

/** The column that every table of analyses begins with. */
const runId = field(1, 'run_id', 'string', 'The run that it comes from, as in analysis_run')

/**
 * A table that runs add rows to: all runs stay in it, the view `latest_<name>` shows the last one that succeeded.
 * Partitioned by run, so that one is read without the others and goes without rewriting a file.
 * @param fields numbered from 2, for 1 is the run
 */
export const resultTable = (name: string, comment: string, fields: readonly Field[]): LakeTable => ({
  name,
  comment,
  fields: [runId, ...fields],
  partitionedBy: { column: 'run_id', by: 'identity' },
  sortedBy: [],
})

/** A table that a run needs on its way. Its rows go when the run ends, or, if it was cut off, in one of the next nights. */
export const workTable = (name: string, comment: string, fields: readonly Field[]): LakeTable =>
  resultTable(`work_${name}`, comment, fields)
