import type { ColumnInfo } from '@aws-sdk/client-athena'
import type { Cell } from './query.ts'

const numbers = new Set(['tinyint', 'smallint', 'integer', 'bigint', 'float', 'double', 'decimal'])
/** Longer values break the line of the table rather than widen all of it. */
const widest = 60

/** Lines of a table, as wide as its first rows need it. */
export function createTable(columns: readonly ColumnInfo[], first: readonly Cell[][]) {
  const names = columns.map(({ Name = '' }) => shown(Name))
  const widths = names.map((name, at) =>
    Math.max(width(name), ...first.map((row) => Math.min(width(shown(row[at] ?? null)), widest))),
  )
  const line = (cells: readonly Cell[]) =>
    columns
      .map(({ Type = '' }, at) => {
        const text = shown(cells[at] ?? null)
        const space = ' '.repeat(Math.max((widths[at] ?? 0) - width(text), 0))
        return numbers.has(Type) ? `${space}${text}` : `${text}${space}`
      })
      .join('  ')
      .trimEnd()
  return {
    head: [line(names), widths.map((size) => '─'.repeat(size)).join('  ')],
    lines: (rows: readonly Cell[][]) => rows.map((row) => line(row)),
  }
}

const width = (text: string): number => [...text].length

/** Control characters in data shall not reach the terminal. */
const shown = (cell: Cell): string =>
  (cell ?? 'null').replaceAll(/\p{Cc}/gu, (character) => JSON.stringify(character).slice(1, -1))
