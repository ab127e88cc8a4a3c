import { field } from '../lake/column.ts'
import type { LakeTable } from '../lake/table.ts'

export const analysisRun: LakeTable = {
  name: 'analysis_run',
  comment: 'What was analysed, when, with what: one row for each analysis of a run, when it has ended',
  partitionedBy: null,
  sortedBy: ['run_id'],
  fields: [
    field(1, 'run_id', 'string', 'Sorts by time'),
    field(2, 'analysis', 'string', 'As in npm run analyse'),
    field(3, 'parameters', 'string', 'JSON'),
    field(4, 'from_time', 'timestamp', 'What happened from here on counts, UTC'),
    field(5, 'to_time', 'timestamp', 'What happened before this counts, UTC'),
    field(6, 'started_at', 'timestamp', 'UTC'),
    field(7, 'finished_at', 'timestamp', 'UTC'),
    field(8, 'status', 'string', 'succeeded, refused or failed; what only succeeded ones found is shown'),
    field(9, 'row_count', 'long', 'Rows of the results'),
    field(10, 'bytes_scanned', 'long', 'Read by its statements, as Athena counts and charges them'),
    field(11, 'reason', 'string', 'Why it did not succeed'),
    field(12, 'query_count', 'long', 'Its statements; Athena charges at least 10 MB for each that reads'),
  ],
}
