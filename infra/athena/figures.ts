import type { QueryRun } from './query.ts'

/** What it came to: rows, time, and what Athena would have to read for it. */
export function figures({ execution, changed }: QueryRun, rows: number): string {
  const { EngineExecutionTimeInMillis = 0, DataScannedInBytes = 0 } = execution.Statistics ?? {}
  const count = `${rows} ${rows === 1 ? 'row' : 'rows'}${changed === null ? '' : ' changed'}`
  return `${count}, ${(EngineExecutionTimeInMillis / 1000).toFixed(2)} s, ${sizeText(DataScannedInBytes)} scanned`
}

const units = ['B', 'kB', 'MB', 'GB', 'TB'] as const

/** In powers of 1,000, as prices are. */
export function sizeText(bytes: number): string {
  const power = Math.min(Math.floor(Math.log10(Math.max(bytes, 1)) / 3), units.length - 1)
  return `${power === 0 ? bytes : (bytes / 1000 ** power).toFixed(1)} ${units[power]}`
}
