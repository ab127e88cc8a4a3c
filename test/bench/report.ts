import { type Column, shown, textTable } from '../../infra/cost/text-table.ts'

export type { Column }

/** Prints a table with the first column to the left and the others to the right. */
export function printTable(
  title: string,
  header: readonly string[],
  rows: readonly (readonly Column[])[],
): void {
  console.log([title, ...textTable(header, rows), ''].join('\n'))
}

/** A figure, the most that it may be, and how much of that it takes. */
export function againstBar(name: string, figure: number, bar: number, unit = ''): Column[] {
  const ratio = figure / bar
  const named = unit === '' ? '' : ` ${unit}`
  const verdict = ratio > 1 ? ' missed' : ''
  return [name, `${shown(figure)}${named}`, `${shown(bar)}${named}`, `${ratio.toFixed(2)}${verdict}`]
}

export const barHeader = ['', 'figure', 'bar', 'of bar'] as const

export function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.ceil(share * sorted.length) - 1)] ?? Number.NaN
}

/** CPU time of all threads of this process, in microseconds, and what the work gave. */
export async function cpuOf<T>(work: () => T | Promise<T>): Promise<{ micros: number; result: T }> {
  const before = process.cpuUsage()
  const result = await work()
  const { user, system } = process.cpuUsage(before)
  return { micros: user + system, result }
}
