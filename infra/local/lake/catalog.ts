import { z } from 'zod'
import { type Column, parseColumnType, parseHiveType } from './column-type.ts'
import type { LakeResources } from './resources.ts'

export interface Table {
  database: string
  name: string
  comment: string
  location: string
  columns: Column[]
}

export interface View extends Table {
  sql: string
}

/** The databases with their tables and views, as Glue has them. */
export interface Catalog {
  databases: { name: string; description: string; tables: Table[]; views: View[] }[]
}

/** Athena's name for what Glue keeps. */
export const catalogName = 'awsdatacatalog'

export function readCatalog({ databases, tables, views }: LakeResources): Catalog {
  const described = tables.map(({ name, properties }): Table => {
    const { Location, Schema, Properties } = properties.OpenTableFormatInput.IcebergInput.IcebergTableInput
    const columns = Schema.Fields.map((field) => ({
      name: field.Name,
      type: parseColumnType(field.Type),
      isRequired: field.Required,
      comment: field.Doc,
    }))
    const comment = Properties.comment ?? ''
    return { database: properties.DatabaseName, name, comment, location: Location, columns }
  })
  const defined = views.map(viewOf)
  return {
    databases: databases.map(({ name, properties }) => ({
      name,
      description: properties.DatabaseInput.Description ?? '',
      tables: described.filter(({ database }) => database === name),
      views: defined.filter(({ database }) => database === name),
    })),
  }
}

function viewOf({ properties: { DatabaseName, TableInput } }: LakeResources['views'][number]): View {
  const { Name, Description, StorageDescriptor, ViewOriginalText } = TableInput
  const columns = StorageDescriptor.Columns.map((column) => ({
    name: column.Name,
    type: parseHiveType(column.Type),
    isRequired: false,
    comment: column.Comment,
  }))
  const { originalSql: sql } = definitionOf(ViewOriginalText)
  return { database: DatabaseName, name: Name, comment: Description, location: '', columns, sql }
}

const definitionSchema = z.object({ originalSql: z.string() })

function definitionOf(text: string) {
  const [, base64 = ''] = /^\/\* Presto View: (\S+) \*\/$/.exec(text) ?? []
  return definitionSchema.parse(JSON.parse(Buffer.from(base64, 'base64').toString()))
}

/** Names are the same in upper and lower case, as in Glue. */
export function findDatabase({ databases }: Catalog, name: string) {
  return databases.find((database) => database.name === name.toLowerCase())
}

export function findTable(catalog: Catalog, database: string, name: string): Table | undefined {
  return findDatabase(catalog, database)?.tables.find((table) => table.name === name.toLowerCase())
}

/** A table or a view: they share their names. */
export function findRelation(catalog: Catalog, database: string, name: string): Table | View | undefined {
  const views = findDatabase(catalog, database)?.views ?? []
  return findTable(catalog, database, name) ?? views.find((view) => view.name === name.toLowerCase())
}

/** All of a database, by name. */
export const relationsOf = ({ tables, views }: Catalog['databases'][number]): Table[] =>
  [...tables, ...views].sort((a, b) => (a.name < b.name ? -1 : 1))
