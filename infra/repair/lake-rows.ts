import { runQuery } from '../athena/query.ts'
import type { Places } from './places.ts'

/** The rows of a query, page by page, as texts; null becomes an empty one. */
export async function* lakeRows(sql: string, { athena }: Places): AsyncGenerator<string[]> {
  const abort = new AbortController()
  const { pages } = await runQuery(sql, athena, { signal: abort.signal, onWait: () => undefined })
  for await (const page of pages()) for (const row of page) yield row.map((cell) => cell ?? '')
}

/** A timestamp as Athena shows it, which is UTC. */
export const millisecondsOf = (timestamp: string): number => Date.parse(`${timestamp.replace(' ', 'T')}Z`)
