import { field } from '../lake/column.ts'
import type { LakeTable } from '../lake/table.ts'
import { column } from '../lake/view.ts'
import type { AnalysisView } from './analysis.ts'

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

/** For a dollar Athena reads so much (list price of US East, $5 for a terabyte), and it counts at least so much for a query. */
const [bytesForDollar, leastBytes] = ['2e11', '10000000'] as const

/** With what they took: for who looks after them. */
export const analysisHistory: AnalysisView = {
  name: 'analysis_history',
  comment: 'Runs of analyses with what they took, and what that costs in Athena',
  columns: [
    column('run_id', 'varchar', 'Sorts by time'),
    column('analysis', 'varchar', 'As in npm run analyse'),
    column('status', 'varchar', 'succeeded, refused or failed'),
    column('reason', 'varchar', 'Why it did not succeed'),
    column('started_at', 'timestamp(6)', 'UTC'),
    column('seconds', 'double', 'Until it had ended'),
    column('row_count', 'bigint', 'Rows of the results'),
    column('query_count', 'bigint', 'Its statements'),
    column('bytes_scanned', 'bigint', 'Read by them'),
    column(
      'most_dollars',
      'double',
      'At most, by the list price of US East: at least 10 MB are charged for a query that reads',
    ),
    column('from_time', 'timestamp(6)', 'What happened from here on counted, UTC'),
    column('to_time', 'timestamp(6)', 'What happened before this counted, UTC'),
    column('parameters', 'varchar', 'JSON'),
  ],
  sql: () => `select
  run_id,
  analysis,
  status,
  reason,
  started_at,
  date_diff('millisecond', started_at, finished_at) / 1e3 as seconds,
  row_count,
  query_count,
  bytes_scanned,
  greatest(bytes_scanned, query_count * ${leastBytes}) / ${bytesForDollar} as most_dollars,
  from_time,
  to_time,
  parameters
from ${analysisRun.name}`,
}
