import * as z from 'zod'
import { literalText } from '../analytics/statement.ts'
import type { Table } from '../store/dynamodb.ts'
import { putParts } from '../store/insight-items.ts'
import type { InsightsStore, StoredRun } from '../store/insights.ts'
import { campaignFiguresFound } from './found-figures.ts'
import { rulesFound } from './found-rules.ts'
import { bucketDigitsOf, segmentsFound } from './found-segments.ts'
import type { ReadLake } from './lake.ts'
import { shownTime } from './lake-value.ts'

const endedRunSchema = z.object({
  analysis: z.string(),
  runId: z.string(),
  from: z.string(),
  to: z.string(),
  parameters: z.record(z.string(), z.unknown()),
  startedAt: z.string(),
  bytesScanned: z.number(),
  status: z.enum(['succeeded', 'refused', 'failed']),
  reason: z.string().nullable(),
})
type EndedRun = z.infer<typeof endedRunSchema>

/** What the state machine of analyses hands over: its runs, each as it ended. */
export const refreshSchema = z.object({ runs: z.array(endedRunSchema) })

export interface RefreshDeps {
  read: ReadLake
  store: InsightsStore
  table: Table
  now: () => Date
}

export interface Refreshed {
  runs: {
    analysis: string
    runId: string
    /** So many were written, or were there already. */
    items: number
    /** `older`: a later run is shown. */
    outcome: 'shown' | 'older'
  }[]
  failed: { analysis: string; reason: string | null }[]
  /** Of those, for whoever looks at the execution. */
  cause: string
}

/**
 * Brings what answers in real time need of these runs to where it is read fast. A run is shown when all of it is
 * there, so that readers see one or the next and never parts of both.
 */
export async function refresh(
  { runs }: z.infer<typeof refreshSchema>,
  deps: RefreshDeps,
): Promise<Refreshed> {
  const succeeded = runs.filter(({ status }) => status === 'succeeded')
  const refreshed: Refreshed['runs'] = []
  for (const run of succeeded) refreshed.push(await bring(run, deps))
  const failed = runs.filter(({ status }) => status !== 'succeeded')
  return {
    runs: refreshed,
    failed: failed.map(({ analysis, reason }) => ({ analysis, reason })),
    cause: failed.map(({ analysis, status, reason }) => `${analysis} ${status}: ${reason}`).join('; '),
  }
}

async function bring(ended: EndedRun, { read, store, table, now }: RefreshDeps) {
  const { analysis, status: _, reason: __, ...run } = ended
  const { runId } = run
  const finishedAt = await finishedAtOf(ended, read)
  const bucketDigits = analysis === 'segments' ? await bucketDigitsOf(runId, read) : 0
  const shown: StoredRun = { ...run, finishedAt, bucketDigits }
  const items = await putParts(table, partsOf(analysis, shown, read), now())
  return { analysis, runId, items, outcome: await store.show(analysis, shown) }
}

/** Of the others nothing is needed but which run is the latest. */
async function* partsOf(analysis: string, { runId, bucketDigits }: StoredRun, read: ReadLake) {
  if (analysis === 'associations') yield* rulesFound(runId, read)
  if (analysis === 'segments') yield* segmentsFound(runId, bucketDigits, read)
  if (analysis === 'attribution') yield* campaignFiguresFound(runId, read)
}

async function finishedAtOf({ analysis, runId }: EndedRun, read: ReadLake): Promise<string> {
  const [row] = await Array.fromAsync(
    read(`select max(finished_at) as finished_at from analysis_run
      where run_id = ${literalText(runId)} and analysis = ${literalText(analysis)} and status = 'succeeded'`),
  )
  if (row?.finished_at == null)
    throw new Error(`the lake does not know that ${analysis} succeeded in ${runId}`)
  return shownTime(row.finished_at)
}
