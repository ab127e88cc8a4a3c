import type { DuckDBConnection } from '@duckdb/node-api'
import type { Catalog } from '../catalog.ts'
import type { Database } from '../database.ts'
import { failureOf } from '../errors.ts'
import { answerMetadata, resolveRelation, resolveTable } from '../metadata.ts'
import type { ObjectPlace, Objects } from '../objects.ts'
import { type EditedSql, prefixed } from '../sql/edits.ts'
import { outputNames } from '../sql/output-names.ts'
import { readShape } from '../sql/shape.ts'
import { readStatement, type Statement } from '../sql/statement.ts'
import { type ColumnInfo, columnInfo, info } from './column-info.ts'
import { interruptOn } from './interrupt.ts'
import { createScanEstimate } from './scanned.ts'
import { writeRows } from './write-rows.ts'

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
    const stopInterrupting = interruptOn(signal, connection)
    try {
      return await answer(statement, { connection, asked, signal })
    } catch (error) {
      throw failureOf(error, { given: asked.sql, run: statement.run })
    } finally {
      stopInterrupting()
      connection.closeSync()
    }
  }

  function answer(statement: Runnable, session: Session): Promise<Answer> {
    switch (statement.kind) {
      case 'query':
        return select(statement.run, session)
      case 'change':
        return change(statement, session)
      case 'explain':
        return explain(statement.run, session)
    }
  }

  async function select(run: EditedSql, session: Session): Promise<Answer> {
    const { connection, asked, signal } = session
    const shape = await check(run, session)
    const scannedBytes = await scannedBy(run, session)
    const result = await connection.stream(run.sql)
    const names = outputNames(shape.columns, result.columnNames())
    const types = result.columnTypes()
    const columns = names.map((name, at) => columnInfo(name, types[at] ?? result.columnType(at)))
    await writeRows(result, names, { upload: objects.upload(asked.output), signal })
    return { columns, scannedBytes, updateCount: 0, lines: null }
  }

  async function change({ table, query, run }: Change, session: Session): Promise<Answer> {
    resolveTable(table, { catalog, ...session.asked })
    if (query) await check(query, session)
    const scannedBytes = await scannedBy(run, session)
    session.signal.throwIfAborted()
    const { rowsChanged } = await session.connection.run(run.sql)
    return { columns: [info('rows', 'bigint', 19)], scannedBytes, updateCount: rowsChanged, lines: [] }
  }

  async function explain(run: EditedSql, session: Session): Promise<Answer> {
    await check(run, session)
    const plan = await session.connection.runAndReadAll(`explain ${run.sql}`)
    const lines = String(plan.getRows()[0]?.[1]).trimEnd().split('\n')
    return writeLines(session.asked.output, [info('Query Plan', 'varchar')], lines)
  }

  /** Before it is run: whether it can be read, and whether there is what it reads. */
  async function check(query: EditedSql, { connection, asked }: Session) {
    const shape = await readShape(connection, asked.sql, query)
    for (const table of shape.tables) resolveRelation(table, { catalog, ...asked })
    return shape
  }

  async function scannedBy(run: EditedSql, { connection, asked }: Session): Promise<number> {
    const explained = prefixed('explain (format json) ', run)
    try {
      return await estimate(connection, explained.sql, asked.database)
    } catch (error) {
      throw failureOf(error, { given: asked.sql, run: explained })
    }
  }

  async function writeLines(output: ObjectPlace, columns: ColumnInfo[], lines: string[]): Promise<Answer> {
    await objects.put(output, lines.map((line) => `${line}\n`).join(''))
    return { columns, scannedBytes: 0, updateCount: 0, lines }
  }
}

type Runnable = Exclude<Statement, { kind: 'metadata' }>
type Change = Extract<Statement, { kind: 'change' }>
type Session = { connection: DuckDBConnection; asked: Asked; signal: AbortSignal }
