import type { AthenaClient } from '@aws-sdk/client-athena'
import type { Row } from '../analytics/analysis.ts'
import { rowsOf } from '../analytics/answers.ts'
import { ask, type LakePlace } from '../analytics/ask.ts'

/** Reads from the lake what a query selects: rows by column, as text. */
export type ReadLake = (sql: string) => AsyncGenerator<Row>

/** Long enough for whatever a run has found. */
const patienceMs = 5 * 60_000

export const createLakeReader = (athena: AthenaClient, place: LakePlace): ReadLake =>
  async function* (sql) {
    yield* rowsOf(athena, await ask(athena, sql, { ...place, patienceMs }))
  }
