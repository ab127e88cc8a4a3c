import type { Analysis } from '../../functions/analytics/analysis.ts'
import { literalText } from '../../functions/analytics/statement.ts'
import { sizeText } from '../athena/figures.ts'
import { runQuery } from '../athena/query.ts'
import { createTable } from '../athena/table.ts'
import type { Target } from '../athena/target.ts'
import type { EndedRun } from './execution.ts'

const shownRows = 20

/** What a run came to and its first rows, for eyes. */
export async function reportOf(
  run: EndedRun,
  analysis: Analysis,
  { target, signal }: { target: Target; signal: AbortSignal },
): Promise<string[]> {
  const ask = (sql: string) => runQuery(sql, target, { signal, onWait: () => undefined })
  const id = literalText(run.runId)
  const [result] = analysis.results
  if (!result) return []
  const figures = await ask(`select row_count, query_count, seconds, bytes_scanned, most_dollars
    from analysis_history where run_id = ${id} and analysis = ${literalText(analysis.name)}`)
  const [[rows, queries, seconds, bytes, dollars] = []] = await firstPage(figures)
  const columns = result.fields.map(({ name }) => name).filter((name) => name !== 'run_id')
  const found = await ask(`select ${columns.join(', ')} from ${result.name} where run_id = ${id}
    order by ${analysis.order} limit ${shownRows}`)
  const page = (await firstPage(found)).map((row) =>
    row.map((cell, at) => (found.columns[at]?.Type === 'double' ? short(cell) : cell)),
  )
  const table = createTable(found.columns, page)
  return [
    `${rows} rows, ${queries} queries, ${Number(seconds).toFixed(1)} s, ${sizeText(Number(bytes))} scanned: at most $${Number(dollars).toFixed(4)} in Athena`,
    ...table.head,
    ...table.lines(page),
    `all: npm run athena -- "select * from latest_${result.name}"`,
  ]
}

/** Enough digits for eyes. */
const short = (cell: string | null): string | null =>
  cell === null ? null : String(Number(Number(cell).toPrecision(5)))

async function firstPage(run: Awaited<ReturnType<typeof runQuery>>) {
  for await (const page of run.pages()) return page
  return []
}
