import { type Column, parseColumnType } from './column-type.ts'
import type { LakeResources } from './resources.ts'

export interface Table {
  database: string
  name: string
  comment: string
  location: string
  columns: Column[]
}

/** The databases and their tables, as Glue has them. */
export interface Catalog {
  databases: { name: string; description: string; tables: Table[] }[]
}

/** Athena's name for what Glue keeps. */
export const catalogName = 'awsdatacatalog'

export function readCatalog({ databases, tables }: LakeResources): Catalog {
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
  return {
    databases: databases.map(({ name, properties }) => ({
      name,
      description: properties.DatabaseInput.Description ?? '',
      tables: described.filter(({ database }) => database === name),
    })),
  }
}

/** Names are the same in upper and lower case, as in Glue. */
export function findDatabase({ databases }: Catalog, name: string) {
  return databases.find((database) => database.name === name.toLowerCase())
}

export function findTable(catalog: Catalog, database: string, name: string): Table | undefined {
  return findDatabase(catalog, database)?.tables.find((table) => table.name === name.toLowerCase())
}
