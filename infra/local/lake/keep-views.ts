import type { DuckDBConnection } from '@duckdb/node-api'
import type { Catalog, View } from './catalog.ts'
import { duckType, quoted } from './column-type.ts'
import { failureOf } from './errors.ts'
import { prefixed } from './sql/edits.ts'
import { readStatement } from './sql/statement.ts'

/** Creates the views of the catalog anew; those of an older state that are none of it go. */
export async function keepViews(connection: DuckDBConnection, { databases }: Catalog): Promise<void> {
  const stale = await connection.runAndReadAll(
    'select schema_name, view_name from duckdb_views() where not internal',
  )
  for (const [schema, name] of stale.getRows())
    await connection.run(`drop view if exists ${quoted(String(schema))}.${quoted(String(name))}`)
  for (const { name, views } of databases) {
    await connection.run(`set search_path = '${name},main'`)
    await createAll(connection, views)
  }
  await connection.run('reset search_path')
}

/** A view is created once all that it reads is there, so those that cannot be yet wait for the others. */
async function createAll(connection: DuckDBConnection, views: readonly View[]): Promise<void> {
  const waiting: View[] = []
  let reason: unknown
  for (const view of views) {
    await createView(connection, view).catch((error: unknown) => {
      waiting.push(view)
      reason = error
    })
  }
  if (waiting.length === views.length && views.length > 0) {
    const names = waiting.map(({ name }) => name).join(', ')
    throw new Error(`The lake of this machine cannot create ${names}`, { cause: reason })
  }
  if (waiting.length > 0) await createAll(connection, waiting)
}

async function createView(connection: DuckDBConnection, { database, name, sql, columns }: View) {
  const statement = readStatement(sql, [])
  if (statement.kind !== 'query') throw new Error(`the view ${name} is no query`)
  // Its columns have the types that the catalog names, whatever DuckDB makes of the expressions.
  const typed = columns.map((column) => {
    const own = quoted(column.name)
    return `cast(${own} as ${duckType(column.type)}) as ${own}`
  })
  const run = prefixed(
    `create view ${quoted(database)}.${quoted(name)} as select ${typed.join(', ')} from (`,
    statement.run,
  )
  await connection.run(`${run.sql}\n)`).catch((error: unknown) => {
    throw failureOf(error, { given: sql, run })
  })
}
