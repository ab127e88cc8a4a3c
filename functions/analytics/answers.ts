import { type AthenaClient, paginateGetQueryResults } from '@aws-sdk/client-athena'
import type { Row } from './analysis.ts'
import type { AnswerTo } from './run.ts'

/** Answers as Athena keeps them; read when they are asked for. */
export const createAnswers =
  (client: AthenaClient): AnswerTo =>
  (executionId) => ({ rows: () => Array.fromAsync(rowsOf(client, executionId)) })

/** Rows by column, as text; read by the thousand, while they are asked for. */
export async function* rowsOf(client: AthenaClient, QueryExecutionId: string): AsyncGenerator<Row> {
  let names: readonly (string | null)[] | undefined
  for await (const { ResultSet } of paginateGetQueryResults({ client }, { QueryExecutionId })) {
    for (const { Data = [] } of ResultSet?.Rows ?? []) {
      const values = Data.map(({ VarCharValue }) => VarCharValue ?? null)
      // The first row of a select is the names of its columns.
      if (names) yield Object.fromEntries(names.map((name, at) => [name ?? '', values[at] ?? null]))
      else names = values
    }
  }
}
