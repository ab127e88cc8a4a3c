import {
  type Catalog,
  catalogName,
  findDatabase,
  findRelation,
  relationsOf,
  type Table,
  type View,
} from './catalog.ts'
import { hiveType } from './column-type.ts'
import type { MetadataRequest } from './sql/metadata-request.ts'
import type { QualifiedName } from './sql/names.ts'
import { QueryFailure } from './sql/query-failure.ts'

export interface MetadataAnswer {
  columns: string[]
  /** A line each, as Athena writes them into its result. */
  lines: string[]
}

interface Asked {
  catalog: Catalog
  /** Where names without a database are looked for; null: nowhere. */
  database: string | null
  sql: string
}

/** What Athena answers without asking its engine. */
export function answerMetadata(request: MetadataRequest, asked: Asked): MetadataAnswer {
  switch (request.kind) {
    case 'databases': {
      const names = asked.catalog.databases.map(({ name }) => name)
      return { columns: ['database_name'], lines: names.filter(matches(request.like)).sort() }
    }
    case 'tables': {
      const name = request.database?.parts.at(-1) ?? asked.database ?? ''
      const database = findDatabase(asked.catalog, name)
      if (!database) throw missingDatabase(name, asked.sql, request.database?.at)
      const names = relationsOf(database).map((relation) => relation.name)
      return { columns: ['tab_name'], lines: names.filter(matches(request.like)).sort() }
    }
    case 'columns': {
      const { columns } = resolveRelation(request.table, asked)
      return { columns: ['field'], lines: columns.map(({ name }) => name.padEnd(20)) }
    }
    case 'description': {
      const { columns } = resolveRelation(request.table, asked)
      const lines = columns.map(({ name, type, comment }) =>
        [name, hiveType(type), comment].map((part) => part.padEnd(20)).join('\t'),
      )
      return { columns: ['col_name', 'data_type', 'comment'], lines }
    }
  }
}

/** @throws QueryFailure in Trino's words if there is no such table, or if it is a view */
export function resolveTable(name: QualifiedName, asked: Asked): Table {
  const relation = resolveRelation(name, asked)
  if (!('sql' in relation)) return relation
  throw new QueryFailure('NOT_SUPPORTED', 'Views cannot be changed', { sql: asked.sql, at: name.at })
}

/** @throws QueryFailure in Trino's words if there is no such catalog, database, table or view */
export function resolveRelation(name: QualifiedName, { catalog, database, sql }: Asked): Table | View {
  const place = { sql, at: name.at }
  const [table = '', given = database, of = catalogName] = name.parts.toReversed()
  if (of.toLowerCase() !== catalogName)
    throw new QueryFailure('CATALOG_NOT_FOUND', `Catalog '${of.toLowerCase()}' not found`, place)
  if (given === null) {
    const text = 'Schema must be specified when session schema is not set'
    throw new QueryFailure('MISSING_SCHEMA_NAME', text, place)
  }
  if (!findDatabase(catalog, given)) throw missingDatabase(given, sql, name.at)
  const found = findRelation(catalog, given, table)
  if (found) return found
  const whole = [catalogName, given, table].join('.').toLowerCase()
  throw new QueryFailure('TABLE_NOT_FOUND', `Table '${whole}' does not exist`, place)
}

const missingDatabase = (name: string, sql: string, at: number | undefined) =>
  new QueryFailure('SCHEMA_NOT_FOUND', `Schema '${name.toLowerCase()}' does not exist`, { sql, at })

/** Hive's patterns: `*` is anything, `|` separates choices. */
function matches(like: string | null): (name: string) => boolean {
  if (like === null) return () => true
  const choices = like.split('|').map((choice) => choice.replace(/[^\w*]/g, '\\$&').replaceAll('*', '.*'))
  const pattern = new RegExp(`^(?:${choices.join('|')})$`, 'i')
  return (name) => pattern.test(name)
}
