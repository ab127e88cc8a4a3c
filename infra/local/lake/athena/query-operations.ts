import { z } from 'zod'
import { type AwsAnswer, type AwsOperation, awsFailure, awsSuccess } from '../../aws-server.ts'
import { operationsRefusing } from '../operation.ts'
import { viewOf } from './execution-view.ts'
import type { Execution } from './executions.ts'
import type { createResults } from './results.ts'
import { createStart, type StartDeps, startSchema } from './start-query.ts'
import { primary } from './work-groups.ts'

const operation = operationsRefusing('InvalidRequestException')

export interface QueryDeps extends StartDeps {
  results: ReturnType<typeof createResults>
}

const byId = z.object({ QueryExecutionId: z.string() })
const pageSchema = byId.extend({
  MaxResults: z.int().min(1).max(1000).default(1000),
  NextToken: z.string().optional(),
})
const listSchema = z.object({
  WorkGroup: z.string().default(primary),
  MaxResults: z.int().min(1).max(50).default(50),
  NextToken: z.string().optional(),
})

const refused = (message: string) => awsFailure('InvalidRequestException', message)

export function queryOperations(deps: QueryDeps): [string, AwsOperation][] {
  const { executions } = deps
  const found = (id: string, answer: (execution: Execution) => AwsAnswer | Promise<AwsAnswer>) => {
    const execution = executions.find(id)
    return execution ? answer(execution) : refused(`QueryExecution ${id} was not found`)
  }
  const start = createStart(deps)
  return [
    ['AmazonAthena.StartQueryExecution', operation(startSchema, start)],
    [
      'AmazonAthena.GetQueryExecution',
      operation(byId, ({ QueryExecutionId }) =>
        found(QueryExecutionId, (execution) => awsSuccess({ QueryExecution: viewOf(execution) })),
      ),
    ],
    [
      'AmazonAthena.BatchGetQueryExecution',
      operation(z.object({ QueryExecutionIds: z.array(z.string()).min(1).max(50) }), (request) => {
        const ids = request.QueryExecutionIds
        const known = ids.flatMap((id) => executions.find(id) ?? [])
        const unknown = ids.filter((id) => !executions.find(id))
        const UnprocessedQueryExecutionIds = unknown.map((QueryExecutionId) => ({ QueryExecutionId }))
        return awsSuccess({ QueryExecutions: known.map(viewOf), UnprocessedQueryExecutionIds })
      }),
    ],
    [
      'AmazonAthena.StopQueryExecution',
      operation(byId, ({ QueryExecutionId }) =>
        found(QueryExecutionId, (execution) => {
          executions.stop(execution)
          return awsSuccess({})
        }),
      ),
    ],
    [
      'AmazonAthena.ListQueryExecutions',
      operation(listSchema, ({ WorkGroup, MaxResults, NextToken = '0' }) => {
        const ids = executions.list().flatMap(({ id, workGroup }) => (workGroup === WorkGroup ? [id] : []))
        const end = Number(NextToken) + MaxResults
        const QueryExecutionIds = ids.slice(Number(NextToken), end)
        return awsSuccess({ QueryExecutionIds, ...(end < ids.length && { NextToken: String(end) }) })
      }),
    ],
    [
      'AmazonAthena.GetQueryResults',
      operation(pageSchema, (request) =>
        found(request.QueryExecutionId, (execution) => page(execution, request, deps)),
      ),
    ],
  ]
}

async function page(execution: Execution, request: z.output<typeof pageSchema>, { results }: QueryDeps) {
  const { state, answer, id } = execution
  if (state === 'QUEUED' || state === 'RUNNING')
    return refused(`Query has not yet finished. Current state: ${state}`)
  if (state !== 'SUCCEEDED' || !answer)
    return refused(`Query did not finish successfully. Final query state: ${state}`)
  const start = placeOf(request.NextToken, id)
  if (start === undefined) return refused('The NextToken is of another query')
  const { rows, next } = await results(execution, start, request.MaxResults)
  const Rows = rows.map((row) => ({ Data: row.map((text) => (text === null ? {} : { VarCharValue: text })) }))
  return awsSuccess({
    ResultSet: { Rows, ResultSetMetadata: { ColumnInfo: answer.columns } },
    UpdateCount: answer.updateCount,
    ...(next !== null && { NextToken: Buffer.from(`${id} ${next}`).toString('base64url') }),
  })
}

function placeOf(token: string | undefined, id: string): number | undefined {
  if (token === undefined) return 0
  const [of, place] = Buffer.from(token, 'base64url').toString().split(' ')
  return of === id && place !== undefined && /^\d+$/.test(place) ? Number(place) : undefined
}
