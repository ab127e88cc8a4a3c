export type Column = number | string

/** Lines of a table with the first column to the left and the others to the right. */
export function textTable(header: readonly string[], rows: readonly (readonly Column[])[]): string[] {
  const lines = [header, ...rows.map((row) => row.map(shown))]
  const widths = header.map((_, at) => Math.max(...lines.map((line) => (line[at] ?? '').length)))
  const aligned = lines.map((line) =>
    line
      .map((cell, at) => (at === 0 ? cell.padEnd(widths[at] ?? 0) : cell.padStart(widths[at] ?? 0)))
      .join('  '),
  )
  return aligned.map((line) => `  ${line.trimEnd()}`)
}

export function shown(value: Column): string {
  if (typeof value === 'string') return value
  if (Number.isInteger(value)) return String(value)
  return Math.abs(value) >= 100
    ? value.toFixed(0)
    : Math.abs(value) >= 10
      ? value.toFixed(1)
      : value.toFixed(3)
}
