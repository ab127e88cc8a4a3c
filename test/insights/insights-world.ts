import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { createLakeReader } from '../../functions/insights/lake.ts'
import { refresh } from '../../functions/insights/refresh.ts'
import { pause } from '../../functions/runtime/clock.ts'
import { createInsightsStore } from '../../functions/store/insights.ts'
import { database, lakeResources, workGroup } from '../infra/local/lake/lake-resources.ts'
import { startLake, startPlace } from '../infra/local/lake/local-lake.ts'
import { startDynoxide } from '../simulation/dynoxide.ts'
import { shapes } from '../simulation/shapes.ts'
import { insertText, type ResultRow } from './result-rows.ts'

export type EndedRun = Parameters<typeof refresh>[0]['runs'][number]

/** A run as the state machine hands it over. */
export const ended = (analysis: string, runId: string, more: Partial<EndedRun> = {}): EndedRun => ({
  analysis,
  runId,
  from: '2025-11-22T00:00:00.000Z',
  to: '2026-11-22T00:00:00.000Z',
  parameters: { days: 365 },
  startedAt: '2026-11-22T03:30:00.000Z',
  bytesScanned: 1_000,
  status: 'succeeded',
  reason: null,
  ...more,
})

/** A run as `analysis_run` has it. */
export const recorded = (analysis: string, run_id: string): ResultRow => ({
  run_id,
  analysis,
  status: 'succeeded',
  finished_at: '2026-11-22T03:41:12.345Z',
})

/** A lake with the tables of analyses, and a DynamoDB with the table of insights. */
export async function startInsightsWorld(resources = lakeResources()) {
  const place = await startPlace()
  const lake = await startLake(place, resources)
  const server = await startDynoxide()
  await server.createTable('insights', shapes.insights)
  const tableOf = (client: DynamoDBClient) => ({ client, name: 'insights', pause })
  const table = tableOf(server.client)
  const read = createLakeReader(lake.athena, { database, workGroup })
  const store = createInsightsStore(table)
  const insert = (name: string, rows: readonly ResultRow[]) => lake.query(insertText(name, rows))
  const refreshed = (...runs: EndedRun[]) => refresh({ runs }, { read, store, table, now: () => new Date() })
  return {
    lake,
    store,
    table,
    insert,
    refresh: refreshed,
    /** A run of an analysis that found these rows. */
    async found(analysis: string, name: string, run_id: string, rows: readonly ResultRow[]) {
      await insert(
        name,
        rows.map((row) => ({ run_id, ...row })),
      )
      await insert('analysis_run', [recorded(analysis, run_id)])
      await refreshed(ended(analysis, run_id))
    },
    /** Ends after so many requests to DynamoDB. */
    async refreshKilledAfter(requests: number, ...runs: EndedRun[]) {
      const client = new DynamoDBClient({ ...server.settings, maxAttempts: 1 })
      let left = requests
      client.middlewareStack.add(
        (next) => async (args) => {
          if (left-- <= 0) throw new Error('killed')
          return next(args)
        },
        { step: 'initialize' },
      )
      const own = tableOf(client)
      const deps = { read, store: createInsightsStore(own), table: own, now: () => new Date() }
      try {
        await refresh({ runs }, deps)
        return 'ended'
      } catch (error) {
        if (error instanceof Error && error.message === 'killed') return 'killed'
        throw error
      } finally {
        client.destroy()
      }
    },
    async close() {
      await Promise.all([lake.close(), server.stop()])
      await place.close()
    },
  }
}

export type InsightsWorld = Awaited<ReturnType<typeof startInsightsWorld>>
