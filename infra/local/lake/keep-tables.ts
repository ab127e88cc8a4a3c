import type { DuckDBConnection } from '@duckdb/node-api'
import type { Catalog, Table } from './catalog.ts'
import { duckType, quoted } from './column-type.ts'

/** Creates the tables of the catalog that are not there, and gives those of an older state their new columns. */
export async function keepTables(connection: DuckDBConnection, { databases }: Catalog): Promise<void> {
  for (const { name, tables } of databases) {
    await connection.run(`create schema if not exists ${quoted(name)}`)
    for (const table of tables) await keepTable(connection, table)
  }
}

async function keepTable(connection: DuckDBConnection, table: Table) {
  const place = `${quoted(table.database)}.${quoted(table.name)}`
  const columns = table.columns.map(({ name, type }) => `${quoted(name)} ${duckType(type)}`).join(', ')
  await connection.run(`create table if not exists ${place} (${columns})`)
  const wanted = `(select ${table.columns.map(({ name, type }) => `null::${duckType(type)} as ${quoted(name)}`).join(', ')})`
  const [found, expected] = [await describe(connection, place), await describe(connection, wanted)]
  if (JSON.stringify(found) === JSON.stringify(expected)) return
  // What has another type now is cast; what cannot be, stops the start.
  const kept = table.columns.map(({ name, type }) =>
    found.some((column) => column.name === name)
      ? `${quoted(name)}::${duckType(type)} as ${quoted(name)}`
      : `null::${duckType(type)} as ${quoted(name)}`,
  )
  const before = `${quoted(table.database)}.${quoted(`${table.name}$before`)}`
  await connection.run('begin')
  try {
    await connection.run(`alter table ${place} rename to ${quoted(`${table.name}$before`)}`)
    await connection.run(`create table ${place} (${columns})`)
    await connection.run(`insert into ${place} select ${kept.join(', ')} from ${before}`)
    await connection.run(`drop table ${before}`)
    await connection.run('commit')
  } catch (cause) {
    await connection.run('rollback')
    const way = 'npm start -- --fresh begins anew'
    throw new Error(`${table.name} cannot be brought into its new form; ${way}`, { cause })
  }
}

async function describe(connection: DuckDBConnection, from: string) {
  const reader = await connection.runAndReadAll(`describe select * from ${from}`)
  return reader.getRowObjects().map(({ column_name, column_type }) => ({
    name: String(column_name),
    type: String(column_type),
  }))
}
