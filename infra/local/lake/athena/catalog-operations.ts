import { z } from 'zod'
import { type AwsOperation, awsFailure, awsSuccess } from '../../aws-server.ts'
import { type Catalog, catalogName, findDatabase, findRelation, relationsOf, type Table } from '../catalog.ts'
import { hiveType } from '../column-type.ts'
import { operationsRefusing } from '../operation.ts'

const operation = operationsRefusing('InvalidRequestException')

const catalogSchema = z.string().refine((name) => name.toLowerCase() === catalogName, 'Catalog is not found')
const inCatalog = z.object({ CatalogName: catalogSchema })
const inDatabase = inCatalog.extend({ DatabaseName: z.string() })

const dataCatalog = { Name: 'AwsDataCatalog', Type: 'GLUE' }
const missing = awsFailure('MetadataException', 'EntityNotFoundException: Entity Not Found')

/** What there is, as tools for SQL ask for it; never more than one page. */
export function catalogOperations(catalog: Catalog): [string, AwsOperation][] {
  return [
    [
      'AmazonAthena.ListDataCatalogs',
      operation(z.object({}), () =>
        awsSuccess({ DataCatalogsSummary: [{ CatalogName: dataCatalog.Name, Type: dataCatalog.Type }] }),
      ),
    ],
    [
      'AmazonAthena.GetDataCatalog',
      operation(z.object({ Name: catalogSchema }), () => awsSuccess({ DataCatalog: dataCatalog })),
    ],
    [
      'AmazonAthena.ListDatabases',
      operation(inCatalog, () => awsSuccess({ DatabaseList: catalog.databases.map(databaseView) })),
    ],
    [
      'AmazonAthena.GetDatabase',
      operation(inDatabase, ({ DatabaseName }) => {
        const database = findDatabase(catalog, DatabaseName)
        return database ? awsSuccess({ Database: databaseView(database) }) : missing
      }),
    ],
    [
      'AmazonAthena.ListTableMetadata',
      operation(inDatabase.extend({ Expression: z.string().optional() }), ({ DatabaseName, Expression }) => {
        const database = findDatabase(catalog, DatabaseName)
        if (!database) return missing
        const pattern = new RegExp(`^(?:${Expression ?? '.*'})$`, 'i')
        const tables = relationsOf(database).filter(({ name }) => pattern.test(name))
        return awsSuccess({ TableMetadataList: tables.map(tableView) })
      }),
    ],
    [
      'AmazonAthena.GetTableMetadata',
      operation(inDatabase.extend({ TableName: z.string() }), ({ DatabaseName, TableName }) => {
        const table = findRelation(catalog, DatabaseName, TableName)
        return table ? awsSuccess({ TableMetadata: tableView(table) }) : missing
      }),
    ],
  ]
}

const databaseView = ({ name, description }: Catalog['databases'][number]) => ({
  Name: name,
  ...(description !== '' && { Description: description }),
})

const tableView = ({ name, comment, location, columns, ...rest }: Table) => ({
  Name: name,
  TableType: 'sql' in rest ? 'VIRTUAL_VIEW' : 'EXTERNAL_TABLE',
  Columns: columns.map((column) => ({
    Name: column.name,
    Type: hiveType(column.type),
    ...(column.comment !== '' && { Comment: column.comment }),
  })),
  PartitionKeys: [],
  Parameters:
    'sql' in rest
      ? { presto_view: 'true', comment }
      : { EXTERNAL: 'TRUE', table_type: 'ICEBERG', location, comment },
})
