import {
  type AthenaClient,
  GetQueryExecutionCommand,
  GetQueryResultsCommand,
  InvalidRequestException,
} from '@aws-sdk/client-athena'
import * as z from 'zod'
import { ask, type LakePlace, QueryTooSlow } from '../analytics/ask.ts'
import { readCursor, writeCursor } from '../http/page.ts'
import { badRequest, tooSlow } from '../http/problem.ts'
import { type InsightsRun, type InsightsStore, insightsRunSchema } from '../store/insights.ts'
import type { Asked, InsightKind } from './kind.ts'
import { type ShownValue, shownValue } from './lake-value.ts'

export interface InsightsDeps {
  store: Pick<InsightsStore, 'runOf'>
  athena: AthenaClient
  lake: LakePlace
  /** Of API Gateway, which waits no longer than 30 seconds, less what else there is to do. */
  patienceMs: number
}

type Page = { limit: number; cursor?: string | undefined }

/** The same rows, as long as the run is the latest one: they never change. */
const reuseMinutes = 60

/** Where a page begins: within the answer to a query, which is of one run whatever is found meanwhile. */
const cursorSchema = z.object({ run: insightsRunSchema, executionId: z.string(), token: z.string() })

/** Rows of the latest run of an analysis; of the run that the list began with, on its further pages. */
export async function listInsights(kind: InsightKind, asked: Asked & Page, deps: InsightsDeps) {
  const position = readCursor(asked.cursor, cursorSchema)
  const run = position?.run ?? (await latestRun(kind, deps))
  if (!run) return { run: null, items: [], nextCursor: null }
  const sql = kind.textOf(run.runId, asked)
  const { limit } = asked
  const { executionId, rows, token } = position
    ? await goOn(sql, { ...position, limit }, deps)
    : await begin(sql, limit, deps)
  return {
    run,
    items: rows.map((row) => itemOf(kind, row)),
    nextCursor: token === undefined ? null : writeCursor({ run, executionId, token }),
  }
}

async function latestRun({ name }: InsightKind, { store }: InsightsDeps): Promise<InsightsRun | null> {
  const found = await store.runOf(name)
  return found && insightsRunSchema.parse(found)
}

interface Found {
  executionId: string
  rows: (string | null)[][]
  /** Where the next page begins. */
  token: string | undefined
}

async function begin(sql: string, limit: number, deps: InsightsDeps): Promise<Found> {
  const executionId = await execute(sql, deps)
  // Before the first row stand the names of the columns.
  const { rows, token } = await readPage({ executionId, MaxResults: limit + 1 }, deps)
  return { executionId, rows: rows.slice(1), token }
}

async function execute(sql: string, { athena, lake, patienceMs }: InsightsDeps): Promise<string> {
  try {
    return await ask(athena, sql, { ...lake, patienceMs, reuseMinutes })
  } catch (error) {
    if (!(error instanceof QueryTooSlow)) throw error
    throw tooSlow('the lake needs longer than usual; try again in a minute, or ask for less with a filter')
  }
}

/** A cursor may name any query that was ever asked: only the answer to this very question is read. */
async function goOn(
  sql: string,
  { executionId, token, limit }: { executionId: string; token: string; limit: number },
  deps: InsightsDeps,
): Promise<Found> {
  try {
    const [{ QueryExecution }, page] = await Promise.all([
      deps.athena.send(new GetQueryExecutionCommand({ QueryExecutionId: executionId })),
      readPage({ executionId, MaxResults: limit, NextToken: token }, deps),
    ])
    if (QueryExecution?.Query === sql) return { executionId, ...page }
  } catch (error) {
    if (!(error instanceof InvalidRequestException)) throw error
  }
  throw badRequest(
    'the cursor is not one that this list gave, with these filters, in the last 7 days; leave it out to begin at the start',
  )
}

async function readPage(
  { executionId, ...page }: { executionId: string; MaxResults: number; NextToken?: string },
  { athena }: InsightsDeps,
) {
  const answer = await athena.send(new GetQueryResultsCommand({ QueryExecutionId: executionId, ...page }))
  const rows = (answer.ResultSet?.Rows ?? []).map(({ Data = [] }) =>
    Data.map(({ VarCharValue }) => VarCharValue ?? null),
  )
  return { rows, token: answer.NextToken }
}

const itemOf = ({ columns }: InsightKind, row: readonly (string | null)[]): Record<string, ShownValue> =>
  Object.fromEntries(columns.map(({ name, type }, at) => [name, shownValue(row[at] ?? null, type)]))
