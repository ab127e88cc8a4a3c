import type { DuckDBConnection, DuckDBResult } from '@duckdb/node-api'
import type { Catalog } from '../catalog.ts'
import type { Database } from '../database.ts'
import { failureOf } from '../errors.ts'
import { answerMetadata, resolveTable } from '../metadata.ts'
import type { ObjectPlace, Objects } from '../objects.ts'
import { type EditedSql, prefixed } from '../sql/edits.ts'
import { outputNames } from '../sql/output-names.ts'
import { readShape } from '../sql/shape.ts'
import { readStatement, type Statement } from '../sql/statement.ts'
import { type ColumnInfo, columnInfo, info } from './column-info.ts'
import { csvLine } from './csv.ts'
import { createScanEstimate } from './scanned.ts'
import { printerOf } from './value-text.ts'

export interface Asked {
  sql: string
  parameters: readonly string[]
  /** Where tables are that are named without a database; null: nowhere. */
  database: string | null
  /** Where the result goes. */
  output: ObjectPlace
}

export interface Answer {
  columns: ColumnInfo[]
  scannedBytes: number
  /** Rows that a change touched. */
  updateCount: number
  /** Of what the engine does not answer, line by line; null: the result is a CSV file. */
  lines: string[] | null
}

export type Engine = (asked: Asked, signal: AbortSignal) => Promise<Answer>

export interface EngineDeps {
  database: Database
  catalog: Catalog
  objects: Objects
}

/** Runs one statement and writes its result where it belongs. */
export function createEngine({ database, catalog, objects }: EngineDeps): Engine {
  const estimate = createScanEstimate(catalog)

  return async (asked, signal) => {
    const statement = readStatement(asked.sql, asked.parameters)
    if (statement.kind === 'metadata') {
      const { columns, lines } = answerMetadata(statement.request, { catalog, ...asked })
      const types = columns.map((name) => info(name, 'string'))
      return writeLines(asked.output, types, lines)
    }
    const searched =
      catalog.databases.find(({ name }) => name === asked.database?.toLowerCase())?.name ?? null
    const connection = await database.connect(searched)
    const interrupt = () => connection.interrupt()
    signal.addEventListener('abort', interrupt)
    try {
      return await runOn(connection, statement, { asked, signal })
    } catch (error) {
      throw failureOf(error, { given: asked.sql, run: statement.run })
    } finally {
      signal.removeEventListener('abort', interrupt)
      connection.closeSync()
    }
  }

  async function runOn(connection: DuckDBConnection, statement: Runnable, run: Run): Promise<Answer> {
    const { asked, signal } = run
    const { sql } = statement.run
    const scanned = async () => {
      const explained = prefixed('explain (format json) ', statement.run)
      try {
        return await estimate(connection, explained.sql)
      } catch (error) {
        throw failureOf(error, { given: asked.sql, run: explained })
      }
    }
    if (statement.kind === 'change') {
      resolveTable(statement.table, { catalog, ...asked })
      if (statement.query) await checkQuery(connection, statement.query, asked)
      const scannedBytes = await scanned()
      signal.throwIfAborted()
      const { rowsChanged } = await connection.run(sql)
      return { columns: [info('rows', 'bigint', 19)], scannedBytes, updateCount: rowsChanged, lines: [] }
    }
    const { columns } = await checkQuery(connection, statement.run, asked)
    if (statement.kind === 'explain') {
      const plan = await connection.runAndReadAll(`explain ${sql}`)
      const lines = String(plan.getRows()[0]?.[1]).trimEnd().split('\n')
      return writeLines(asked.output, [info('Query Plan', 'varchar')], lines)
    }
    const scannedBytes = await scanned()
    const result = await connection.stream(sql)
    const names = outputNames(columns, result.columnNames())
    const types = result.columnTypes()
    const infos = names.map((name, at) => columnInfo(name, types[at] ?? result.columnType(at)))
    await writeRows(result, names, run)
    return { columns: infos, scannedBytes, updateCount: 0, lines: null }
  }

  async function checkQuery(connection: DuckDBConnection, query: EditedSql, asked: Asked) {
    const shape = await readShape(connection, asked.sql, query)
    for (const table of shape.tables) resolveTable(table, { catalog, ...asked })
    return shape
  }

  async function writeRows(result: DuckDBResult, names: string[], { asked, signal }: Run) {
    const printers = result.columnTypes().map(printerOf)
    const upload = objects.upload(asked.output)
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

  async function writeLines(output: ObjectPlace, columns: ColumnInfo[], lines: string[]): Promise<Answer> {
    await objects.put(output, lines.map((line) => `${line}\n`).join(''))
    return { columns, scannedBytes: 0, updateCount: 0, lines }
  }
}

type Runnable = Exclude<Statement, { kind: 'metadata' }>
type Run = { asked: Asked; signal: AbortSignal }
