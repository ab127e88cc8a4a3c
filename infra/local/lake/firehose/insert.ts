import type { DuckDBConnection } from '@duckdb/node-api'
import type { Table } from '../catalog.ts'
import { type ColumnType, duckType, quoted } from '../column-type.ts'
import type { JsonObject } from './record.ts'

export interface Row {
  table: Table
  values: JsonObject
}

/** Rows that wait beyond this are not taken. */
const mostWaiting = 50_000

/**
 * Inserts rows; once that is answered, they outlast the end of this process, also a sudden one. What waits while
 * others are written is written together: a transaction costs as much for one row as for some hundred.
 */
export function createInsert(connection: DuckDBConnection) {
  let waiting: { rows: Row[]; done: PromiseWithResolvers<void> }[] = []
  let writing = false

  async function writeAll() {
    writing = true
    while (waiting.length > 0) {
      const batch = waiting
      waiting = []
      try {
        await write(batch.flatMap(({ rows }) => rows))
        for (const { done } of batch) done.resolve()
      } catch {
        // Each alone: who brought what cannot be written shall not stop the others.
        for (const { rows, done } of batch) await write(rows).then(done.resolve, done.reject)
      }
    }
    writing = false
  }

  async function write(rows: Row[]) {
    await connection.run('begin')
    try {
      for (const [table, own] of Map.groupBy(rows, (row) => row.table)) await insert(table, own)
      await connection.run('commit')
    } catch (error) {
      await connection.run('rollback')
      throw error
    }
  }

  async function insert(table: Table, rows: Row[]) {
    const shape = JSON.stringify([shapeOf({ kind: 'struct', fields: table.columns })])
    const columns = table.columns.map(({ name }) => quoted(name)).join(', ')
    const values = 'select unnest(from_json($1::json, $2), max_depth := 2)'
    const into = `insert into ${quoted(table.database)}.${quoted(table.name)} (${columns})`
    const json = JSON.stringify(rows.map(({ values: row }) => row))
    await connection.run(`${into} select ${columns} from (${values})`, [json, shape])
  }

  return {
    /** Whether there is no room for more. */
    isFull: () => waiting.reduce((sum, { rows }) => sum + rows.length, 0) >= mostWaiting,
    insert(rows: Row[]): Promise<void> {
      if (rows.length === 0) return Promise.resolve()
      const done = Promise.withResolvers<void>()
      waiting.push({ rows, done })
      if (!writing) void writeAll()
      return done.promise
    },
  }
}

/** As DuckDB describes the structure of JSON. */
function shapeOf(type: ColumnType): unknown {
  if (type.kind === 'list') return [shapeOf(type.element)]
  if (type.kind === 'struct')
    return Object.fromEntries(type.fields.map((field) => [field.name, shapeOf(field.type)]))
  return duckType(type).toUpperCase()
}
