import { setTimeout as delay } from 'node:timers/promises'
import {
  type ColumnInfo,
  GetQueryExecutionCommand,
  GetQueryResultsCommand,
  type GetQueryResultsCommandOutput,
  type QueryExecution,
  StartQueryExecutionCommand,
  StopQueryExecutionCommand,
} from '@aws-sdk/client-athena'
import { AthenaFailure } from './failure.ts'
import type { Target } from './target.ts'

export interface QueryRun {
  execution: QueryExecution
  columns: ColumnInfo[]
  /** Rows of a change; null: it was none. */
  changed: number | null
  pages(): AsyncIterable<Cell[][]>
}

/** null: there is no value. */
export type Cell = string | null

export interface RunOptions {
  signal: AbortSignal
  /** Called while it runs. */
  onWait(state: string, elapsedMs: number): void
}

const firstPauseMs = 20
const longestPauseMs = 1_000

/** Runs a statement to its end; when the signal comes first, stops it. */
export async function runQuery(
  sql: string,
  { client, workGroup, database }: Target,
  options: RunOptions,
): Promise<QueryRun> {
  const start = new StartQueryExecutionCommand({
    QueryString: sql,
    WorkGroup: workGroup,
    QueryExecutionContext: { Database: database },
  })
  const { QueryExecutionId: id } = await client.send(start)
  if (id === undefined) throw new AthenaFailure('Athena gave the query no id')
  const execution = await finished(id, { client }, options)
  const firstPage = await page(id, { client })
  const columns = firstPage.ResultSet?.ResultSetMetadata?.ColumnInfo ?? []
  const isSelect = execution.StatementType === 'DML' && execution.SubstatementType === 'SELECT'
  const isChange = execution.StatementType === 'DML' && !isSelect
  return {
    execution,
    columns,
    changed: isChange ? (firstPage.UpdateCount ?? 0) : null,
    async *pages() {
      // The first row of a select is the names of its columns.
      yield rowsOf(firstPage).slice(isSelect ? 1 : 0)
      for (let token = firstPage.NextToken; token !== undefined; ) {
        const next = await page(id, { client }, token)
        yield rowsOf(next)
        token = next.NextToken
      }
    },
  }
}

async function finished(id: string, { client }: Pick<Target, 'client'>, { signal, onWait }: RunOptions) {
  const startedAt = Date.now()
  for (let pauseMs = firstPauseMs; ; pauseMs = Math.min(pauseMs * 1.5, longestPauseMs)) {
    const { QueryExecution } = await client.send(new GetQueryExecutionCommand({ QueryExecutionId: id }))
    const { State = 'UNKNOWN', StateChangeReason } = QueryExecution?.Status ?? {}
    if (QueryExecution && State === 'SUCCEEDED') return QueryExecution
    if (State === 'FAILED' || State === 'CANCELLED')
      throw new AthenaFailure(StateChangeReason ?? `the query ${State}`)
    if (signal.aborted) {
      await client.send(new StopQueryExecutionCommand({ QueryExecutionId: id }))
      throw new AthenaFailure('stopped')
    }
    onWait(State.toLowerCase(), Date.now() - startedAt)
    await delay(pauseMs, undefined, { signal }).catch(() => undefined)
  }
}

function page(id: string, { client }: Pick<Target, 'client'>, NextToken?: string) {
  const request = { QueryExecutionId: id, ...(NextToken !== undefined && { NextToken }) }
  return client.send(new GetQueryResultsCommand(request))
}

const rowsOf = ({ ResultSet }: GetQueryResultsCommandOutput): Cell[][] =>
  (ResultSet?.Rows ?? []).map(({ Data = [] }) => Data.map(({ VarCharValue }) => VarCharValue ?? null))
