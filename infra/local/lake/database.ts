import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api'
import { type Catalog, catalogName } from './catalog.ts'
import { quoted } from './column-type.ts'
import { keepTables } from './keep-tables.ts'
import { keepViews } from './keep-views.ts'
import { macros } from './sql/macros.ts'

export interface Database {
  /** @param database where tables are looked for that are named without one */
  connect(database: string | null): Promise<DuckDBConnection>
  close(): void
}

const settings = {
  threads: '2',
  memory_limit: '1GB',
  max_temp_directory_size: '20GB',
  // Trino's 7 / 2 is 3.
  integer_division: 'true',
  lambda_syntax: 'ENABLE_SINGLE_ARROW',
  errors_as_json: 'true',
  // Queries come from outside: none reads a file or loads code, whatever gets past the reader of SQL.
  enable_external_access: 'false',
  allow_community_extensions: 'false',
  autoinstall_known_extensions: 'false',
  autoload_known_extensions: 'false',
}

/** Opens the lake of this machine, a DuckDB file, with the tables of the catalog in it. */
export async function openDatabase(directory: string, catalog: Catalog): Promise<Database> {
  mkdirSync(directory, { recursive: true })
  // DuckDB calls a database by its file.
  const file = join(directory, `${catalogName}.duckdb`)
  // First, for once files are out of reach DuckDB takes no place for its own any more.
  const instance = await open(file, { temp_directory: join(directory, 'tmp'), ...settings })
  const connection = await instance.connect()
  await connection.run(`set global timezone = 'UTC'`)
  for (const [name, bodies] of Object.entries(macros))
    await connection.run(`create or replace macro main.${name} ${bodies.join(', ')}`)
  await keepTables(connection, catalog)
  await keepViews(connection, catalog)
  await connection.run('set global lock_configuration = true')
  connection.closeSync()
  return {
    async connect(database) {
      const opened = await instance.connect()
      const path = database === null ? 'main' : `${quoted(database)},main`
      await opened.run(`set search_path = '${path.replaceAll("'", "''")}'`)
      return opened
    },
    close: () => instance.closeSync(),
  }
}

const patienceMs = 10_000

/** A killed runtime's process may still hold the file for a moment. */
async function open(file: string, options: Record<string, string>): Promise<DuckDBInstance> {
  for (const giveUpAt = Date.now() + patienceMs; ; await delay(50)) {
    try {
      return await DuckDBInstance.create(file, options)
    } catch (error) {
      const isLocked = error instanceof Error && error.message.includes('Could not set lock')
      if (!isLocked || Date.now() > giveUpAt) throw error
    }
  }
}
