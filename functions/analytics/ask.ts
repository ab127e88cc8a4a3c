import { setTimeout as delay } from 'node:timers/promises'
import {
  type AthenaClient,
  GetQueryExecutionCommand,
  StartQueryExecutionCommand,
  StopQueryExecutionCommand,
} from '@aws-sdk/client-athena'

/** Where names are looked for, and what the query is counted under. */
export interface LakePlace {
  database: string
  workGroup: string
}

/** A query that Athena could not answer; the message is Athena's. */
class QueryFailed extends Error {}

/** It took longer than who asked can wait. */
export class QueryTooSlow extends Error {}

const firstPauseMs = 50
const longestPauseMs = 1_000

export interface Waiting {
  patienceMs: number
  /**
   * Given: an answer to the same query that is not older will do. What takes too long is then not stopped, for who asks
   * again is given its answer.
   */
  reuseMinutes?: number
}

/**
 * Runs a query to its end, and gives back the id of its execution, under which Athena keeps the answer for 7 days.
 * @param client given by whoever asks
 * @throws QueryFailed
 * @throws QueryTooSlow
 */
export async function ask(
  client: AthenaClient,
  sql: string,
  { database, workGroup, patienceMs, reuseMinutes }: LakePlace & Waiting,
): Promise<string> {
  const start = new StartQueryExecutionCommand({
    QueryString: sql,
    WorkGroup: workGroup,
    QueryExecutionContext: { Database: database },
    ...(reuseMinutes !== undefined && {
      ResultReuseConfiguration: {
        ResultReuseByAgeConfiguration: { Enabled: true, MaxAgeInMinutes: reuseMinutes },
      },
    }),
  })
  const { QueryExecutionId: id } = await client.send(start)
  if (id === undefined) throw new QueryFailed('Athena gave the query no id')
  const waitsUntil = Date.now() + patienceMs
  for (let pauseMs = firstPauseMs; ; pauseMs = Math.min(pauseMs * 1.5, longestPauseMs)) {
    const { QueryExecution } = await client.send(new GetQueryExecutionCommand({ QueryExecutionId: id }))
    const { State, StateChangeReason } = QueryExecution?.Status ?? {}
    if (State === 'SUCCEEDED') return id
    if (State === 'FAILED' || State === 'CANCELLED')
      throw new QueryFailed(StateChangeReason ?? `the query ${State}`)
    if (Date.now() > waitsUntil) {
      if (reuseMinutes === undefined)
        await client.send(new StopQueryExecutionCommand({ QueryExecutionId: id }))
      throw new QueryTooSlow(`the query took longer than ${patienceMs / 1000} s`)
    }
    await delay(pauseMs)
  }
}
