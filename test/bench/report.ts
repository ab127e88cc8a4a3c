export type Column = number | string

/** Prints a table with the first column to the left and the others to the right. */
export function printTable(
  title: string,
  header: readonly string[],
  rows: readonly (readonly Column[])[],
): void {
  const lines = [header, ...rows.map((row) => row.map(shown))]
  const widths = header.map((_, at) => Math.max(...lines.map((line) => (line[at] ?? '').length)))
  const aligned = lines.map((line) =>
    line
      .map((cell, at) => (at === 0 ? cell.padEnd(widths[at] ?? 0) : cell.padStart(widths[at] ?? 0)))
      .join('  '),
  )
  console.log([title, ...aligned.map((line) => `  ${line.trimEnd()}`), ''].join('\n'))
}

/** A figure, the most that it may be, and how much of that it takes. */
export function againstBar(name: string, figure: number, bar: number, unit = ''): Column[] {
  const ratio = figure / bar
  const named = unit === '' ? '' : ` ${unit}`
  const verdict = ratio > 1 ? ' missed' : ''
  return [name, `${shown(figure)}${named}`, `${shown(bar)}${named}`, `${ratio.toFixed(2)}${verdict}`]
}

export const barHeader = ['', 'figure', 'bar', 'of bar'] as const

function shown(value: Column): string {
  if (typeof value === 'string') return value
  if (Number.isInteger(value)) return String(value)
  return Math.abs(value) >= 100
    ? value.toFixed(0)
    : Math.abs(value) >= 10
      ? value.toFixed(1)
      : value.toFixed(3)
}

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
