import type { DuckDBConnection } from '@duckdb/node-api'

const interruptEveryMs = 50

/** More than once: between two statements of a query there is nothing to interrupt, and it is forgotten. */
export function interruptOn(signal: AbortSignal, connection: DuckDBConnection): () => void {
  const stopped = new AbortController()
  const interrupt = () => {
    const timer = setInterval(() => connection.interrupt(), interruptEveryMs)
    stopped.signal.addEventListener('abort', () => clearInterval(timer))
    connection.interrupt()
  }
  signal.addEventListener('abort', interrupt, { signal: stopped.signal })
  if (signal.aborted) interrupt()
  return () => stopped.abort()
}
