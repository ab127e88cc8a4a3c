import type { Shape } from './shape.ts'

/** Trino calls a column without a name `_col` and its place; DuckDB by what computes it. */
export function outputNames(shape: Shape['columns'], found: readonly string[]): string[] {
  const first = shape.indexOf('*')
  const last = shape.lastIndexOf('*')
  const made = (at: number) => `_col${at}`
  return found.map((name, at) => {
    const fromEnd = found.length - at
    // What a star stands for is known only from outside, left and right of all stars.
    if (first < 0 || at < first) return shape[at] ?? made(at)
    if (fromEnd < shape.length - last) return shape[shape.length - fromEnd] ?? made(at)
    return /^[A-Za-z_][A-Za-z0-9_]*$/.test(name) && !/^col\d+$/.test(name) ? name : made(at)
  })
}
