import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import {
  AthenaClient,
  GetQueryExecutionCommand,
  GetQueryResultsCommand,
  StartQueryExecutionCommand,
} from '@aws-sdk/client-athena'
import { startLocal } from '../../infra/local/start.ts'
import { createEntryMaker } from '../../infra/replay/entry.ts'
import { createPut } from '../../infra/replay/kinesis.ts'
import { settings } from '../identity/sequential.ts'
import { percentile, printTable } from './report.ts'
import { bytesOf, createRetailMix } from './retail-mix.ts'

const batches = 2
const eventsPerSecond = 5
const patienceMs = 60_000

/** How soon an event that is put into the stream of this machine's system is an answer to SQL. */
export async function benchDelay(): Promise<void> {
  console.log(`lake: a whole system, ${batches * 100} events one by one (about a minute)`)
  const directory = mkdtempSync(join(tmpdir(), 'omnijourney-bench-'))
  const runtime = await startLocal({ directory, port: 0, assemblyDirectory: join(directory, 'assembly') })
  try {
    const { endpoints, system } = runtime
    const put = createPut({ ...endpoints, endpoint: endpoints.kinesis })
    const toEntry = createEntryMaker(settings, { now: () => new Date(), fixedKey: undefined })
    const sql = createSql(
      endpoints,
      system.lake.workGroups[0]?.name ?? '',
      system.lake.databases[0]?.name ?? '',
    )
    const mix = createRetailMix(7)
    const events = Array.from({ length: batches }, () => mix.next().events).flat()
    const waiting = new Map<string, number>()
    const delays: number[] = []
    let isSending = true

    const watch = async () => {
      while (isSending || waiting.size > 0) {
        const asked = [...waiting]
        if (asked.length === 0) await sleep(5)
        else {
          const ids = asked.map(([id]) => `'${id}'`).join(', ')
          const there = await sql(`select event_id from touchpoint where event_id in (${ids})`)
          const nowMs = performance.now()
          for (const id of there) {
            delays.push(nowMs - (waiting.get(id) ?? nowMs))
            waiting.delete(id)
          }
          const lost = asked.find(([id, putMs]) => waiting.has(id) && nowMs - putMs > patienceMs)
          if (lost) throw new Error(`event ${lost[0]} is not in the lake after ${patienceMs / 1000} s`)
        }
      }
    }
    const send = async () => {
      const beginMs = performance.now()
      for (const [at, event] of events.entries()) {
        await sleep(Math.max(0, beginMs + (1000 * at) / eventsPerSecond - performance.now()))
        waiting.set(event.id, performance.now())
        await put([toEntry(bytesOf(event))])
      }
      isSending = false
    }
    await Promise.all([send(), watch()])
    printTable(
      `lake: milliseconds until touchpoint shows it, at ${eventsPerSecond} events/s, ${delays.length} events`,
      ['', 'p50', 'p95', 'max'],
      [['put to seen by SQL', ...[0.5, 0.95, 1].map((share) => Math.round(percentile(delays, share)))]],
    )
    console.log('  A second of it is the wait for a batch. In a deployment batches of publish wait 30 s,')
    console.log('  and Firehose writes every lakeBufferSeconds, 300 unless set otherwise.\n')
  } finally {
    await runtime.close()
    rmSync(directory, { recursive: true, force: true })
  }
}

/** The first column of the answer. */
function createSql(
  { athena, region }: { athena: string; region: string },
  WorkGroup: string,
  Database: string,
) {
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' }
  const client = new AthenaClient({ endpoint: athena, region, credentials })
  return async (QueryString: string): Promise<string[]> => {
    const start = { QueryString, WorkGroup, QueryExecutionContext: { Database } }
    const { QueryExecutionId } = await client.send(new StartQueryExecutionCommand(start))
    for (;;) {
      const { QueryExecution } = await client.send(new GetQueryExecutionCommand({ QueryExecutionId }))
      const { State, StateChangeReason } = QueryExecution?.Status ?? {}
      if (State === 'FAILED') throw new Error(StateChangeReason)
      if (State === 'SUCCEEDED') break
    }
    const { ResultSet } = await client.send(new GetQueryResultsCommand({ QueryExecutionId }))
    return (ResultSet?.Rows ?? []).slice(1).map(({ Data = [] }) => Data[0]?.VarCharValue ?? '')
  }
}
