import type { Run } from './analysis.ts'

/** What the statements of a run say of it: `{{run_id}}`, and `{{from}}` and `{{to}}` of what counts. */
export const runLiterals = ({ runId, from, to }: Run) => ({
  run_id: runId,
  from: new Date(from),
  to: new Date(to),
})
