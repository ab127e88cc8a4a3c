import type { Field } from './column.ts'

/** A table of the lake, as the stacks create it. */
export type LakeTable = {
  name: string
  comment: string
  /**
   * Their numbers are written into every file. A new column gets the next free number of its table, also in between;
   * the number of one that goes is never used again.
   */
  fields: readonly Field[]
  /** Iceberg's hidden partitioning by a column, or by its day; null: none. */
  partitionedBy: { column: string; by: 'day' | 'identity' } | null
  /** Within a file. */
  sortedBy: readonly string[]
}
