import { Aws } from 'aws-cdk-lib'
import { CfnTable } from 'aws-cdk-lib/aws-glue'
import type { Construct } from 'constructs'
import { analysisTables } from '../functions/analytics/tables.ts'
import { type Field, icebergType } from '../functions/lake/column.ts'
import type { LakeTable } from '../functions/lake/table.ts'
import { lakeTables } from '../functions/lake/tables.ts'

interface Place {
  /** The name of the Glue database. */
  database: string
  /** Where the tables lie, each in a folder of its own. */
  location: string
}

/**
 * The tables of the lake. `tableInput` is never given, not even a name in it: beside the other form Glue refuses it,
 * and alone it makes a table that is no Iceberg table any more after its first update (aws/aws-cdk#37988,
 * aws-cloudformation/cloudformation-coverage-roadmap#1919).
 */
export const createLakeTables = (scope: Construct, place: Place): CfnTable[] =>
  [...lakeTables, ...analysisTables].map((table) => createTable(scope, table, place))

function createTable(scope: Construct, table: LakeTable, { database, location }: Place) {
  return new CfnTable(scope, `${pascalCase(table.name)}Table`, {
    catalogId: Aws.ACCOUNT_ID,
    databaseName: database,
    name: table.name,
    openTableFormatInput: {
      icebergInput: {
        metadataOperation: 'CREATE',
        version: formatVersion,
        icebergTableInput: {
          location: `${location}/${table.name}`,
          schema: { type: 'struct', schemaId: 0, fields: table.fields.map(columnOf) },
          ...partitioning(table),
          ...ordering(table),
          properties: {
            'format-version': formatVersion,
            comment: table.comment,
            'write.parquet.compression-codec': 'zstd',
            // Every delivery writes the whole description anew: hundreds a day that nobody reads again.
            'write.metadata.delete-after-commit.enabled': 'true',
          },
        },
      },
    },
  })
}

/** Of the three that there are, the one that Firehose and Athena both write. */
const formatVersion = '2'

function columnOf({ id, name, comment, type }: Field): CfnTable.IcebergStructFieldProperty {
  const iceberg = icebergType(type)
  const text = typeof iceberg === 'string' ? iceberg : JSON.stringify(iceberg)
  return { id, name, type: text, required: false, doc: comment }
}

/** Numbers of partition fields begin at 1000 (Iceberg Table Spec, "Partitioning"); a changed field gets a new one. */
const firstPartitionId = 1000

function partitioning(table: LakeTable) {
  if (table.partitionedBy === null) return {}
  const { column, by } = table.partitionedBy
  const only = {
    fieldId: firstPartitionId,
    // As Iceberg's libraries name them.
    name: by === 'day' ? `${column}_day` : column,
    sourceId: idOf(table, column),
    transform: by,
  }
  return { partitionSpec: { specId: 0, fields: [only] } }
}

function ordering(table: LakeTable) {
  if (table.sortedBy.length === 0) return {}
  return { writeOrder: { orderId: 1, fields: table.sortedBy.map((column) => ascending(table, column)) } }
}

const ascending = (table: LakeTable, column: string): CfnTable.IcebergSortFieldProperty => ({
  sourceId: idOf(table, column),
  transform: 'identity',
  direction: 'asc',
  nullOrder: 'nulls-first',
})

function idOf({ name, fields }: LakeTable, column: string): number {
  const field = fields.find((candidate) => candidate.name === column)
  if (!field) throw new Error(`${name} has no column ${column}`)
  return field.id
}

export const pascalCase = (name: string) =>
  name
    .split('_')
    .map((word) => `${word.charAt(0).toUpperCase()}${word.slice(1)}`)
    .join('')
