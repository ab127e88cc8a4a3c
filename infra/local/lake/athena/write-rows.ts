import type { DuckDBResult } from '@duckdb/node-api'
import type { Upload } from '../objects.ts'
import { csvLine } from './csv.ts'
import { printerOf } from './value-text.ts'

/** Writes a result as Athena does, piece by piece as it comes. */
export async function writeRows(
  result: DuckDBResult,
  names: readonly string[],
  { upload, signal }: { upload: Upload; signal: AbortSignal },
): Promise<void> {
  const printers = result.columnTypes().map(printerOf)
  try {
    await upload.write(csvLine(names))
    for (;;) {
      const chunk = await result.fetchChunk()
      signal.throwIfAborted()
      if (!chunk || chunk.rowCount === 0) break
      const lines = chunk
        .getRows()
        .map((row) =>
          csvLine(row.map((value, at) => (value === null ? null : (printers[at]?.(value) ?? null)))),
        )
      await upload.write(lines.join(''))
    }
    await upload.complete()
  } catch (error) {
    await upload.abort()
    throw error
  }
}
