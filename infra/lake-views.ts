import { Aws } from 'aws-cdk-lib'
import { CfnNamedQuery } from 'aws-cdk-lib/aws-athena'
import { CfnTable } from 'aws-cdk-lib/aws-glue'
import type { Construct } from 'constructs'
import { analysisViews } from '../functions/analytics/views.ts'
import type { Rules } from '../functions/journey/fold-state.ts'
import { namedQueries } from '../functions/lake/queries.ts'
import type { LakeView, ViewColumn } from '../functions/lake/view.ts'
import { viewText } from '../functions/lake/view-text.ts'
import { lakeViews } from '../functions/lake/views.ts'
import { pascalCase } from './lake-tables.ts'

interface Place {
  /** The name of the Glue database. */
  database: string
  rules: Rules
}

/** Views as Athena itself keeps them; what they show comes with the code, so they go and come with it. */
export function createLakeViews(scope: Construct, { database, rules }: Place): void {
  for (const view of lakeViews) createView(scope, view, { database, sql: viewText(view.name, rules) })
  for (const view of analysisViews) createView(scope, view, { database, sql: view.sql() })
}

function createView(
  scope: Construct,
  { name, comment, columns }: LakeView,
  { database, sql }: { database: string; sql: string },
) {
  return new CfnTable(scope, `${pascalCase(name)}View`, {
    catalogId: Aws.ACCOUNT_ID,
    databaseName: database,
    tableInput: {
      name,
      description: comment,
      tableType: 'VIRTUAL_VIEW',
      parameters: { presto_view: 'true', comment: 'Presto View' },
      storageDescriptor: { columns: columns.map(glueColumn), location: '', serdeInfo: {} },
      viewOriginalText: `/* Presto View: ${encoded({ sql, database, columns })} */`,
      viewExpandedText: '/* Presto View */',
    },
  })
}

/** Questions that analysts ask first: in Athena's console they are the saved queries of the workgroup. */
export function createSavedQueries(scope: Construct, place: { database: string; workGroup: string }): void {
  for (const { name, description, sql } of namedQueries) {
    new CfnNamedQuery(scope, `${pascalCase(name)}Query`, {
      name: `omnijourney: ${name.replaceAll('_', ' ')}`,
      description,
      queryString: sql,
      ...place,
    })
  }
}

/** As Trino reads it (io.trino.plugin.hive.ViewReaderUtil, `ConnectorViewDefinition`). */
function encoded({
  sql,
  database,
  columns,
}: {
  sql: string
  database: string
  columns: readonly ViewColumn[]
}) {
  const definition = {
    originalSql: sql,
    catalog: 'awsdatacatalog',
    schema: database,
    columns: columns.map(({ name, type }) => ({ name, type })),
    runAsInvoker: false,
    properties: {},
  }
  return Buffer.from(JSON.stringify(definition)).toString('base64')
}

const glueColumn = ({ name, type, comment }: ViewColumn): CfnTable.ColumnProperty => ({
  name,
  type: hiveType(type),
  comment,
})

const hiveNames: Readonly<Record<string, string>> = {
  varchar: 'string',
  'timestamp(6)': 'timestamp',
  integer: 'int',
}

/** Glue takes types in Hive's words. */
export function hiveType(type: string): string {
  const [, element] = /^array\((.*)\)$/.exec(type) ?? []
  if (element !== undefined) return `array<${hiveType(element)}>`
  const [, fields] = /^row\((.*)\)$/.exec(type) ?? []
  if (fields !== undefined)
    return `struct<${fields
      .split(/, (?=\w+ )/)
      .map(hiveField)
      .join(',')}>`
  return hiveNames[type] ?? type
}

function hiveField(field: string): string {
  const [name = '', ...type] = field.split(' ')
  return `${name}:${hiveType(type.join(' '))}`
}
