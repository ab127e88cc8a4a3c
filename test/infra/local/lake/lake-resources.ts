import { analysisTables } from '../../../../functions/analytics/tables.ts'
import { type Field, icebergType } from '../../../../functions/lake/column.ts'
import { routingQuery } from '../../../../functions/lake/routing.ts'
import { lakeTables } from '../../../../functions/lake/tables.ts'
import { type LakeResources, lakeResourcesSchema } from '../../../../infra/local/lake/resources.ts'

export const database = 'test_lake'
export const workGroup = 'test-lake'
export const stream = 'test-lake'
export const bucket = 'test-lake'

type Fields = { Name: string; Type: string; Required?: boolean; Doc?: string }[]

/** A column of every type that Iceberg has and this machine knows. */
const everyType: Fields = [
  { Name: 'text', Type: 'string', Doc: 'Words' },
  { Name: 'flag', Type: 'boolean' },
  { Name: 'small', Type: 'int' },
  { Name: 'large', Type: 'long' },
  { Name: 'single', Type: 'float' },
  { Name: 'real_number', Type: 'double' },
  { Name: 'money', Type: 'decimal(18, 4)' },
  { Name: 'at', Type: 'timestamp' },
  { Name: 'day', Type: 'date' },
  { Name: 'texts', Type: JSON.stringify({ type: 'list', 'element-id': 20, element: 'string' }) },
  {
    Name: 'lines',
    Type: JSON.stringify({
      type: 'list',
      'element-id': 21,
      element: {
        type: 'struct',
        fields: [
          { id: 22, name: 'sku', type: 'string', required: false },
          { id: 23, name: 'price', type: 'decimal(18, 4)', required: false },
          { id: 24, name: 'at', type: 'timestamp', required: false },
        ],
      },
    }),
  },
]

const fieldOf = ({ name, type, comment }: Field) => {
  const iceberg = icebergType(type)
  return { Name: name, Type: typeof iceberg === 'string' ? iceberg : JSON.stringify(iceberg), Doc: comment }
}

const table = (name: string, Fields: Fields) => ({
  name,
  arn: name,
  properties: {
    DatabaseName: database,
    OpenTableFormatInput: {
      IcebergInput: { IcebergTableInput: { Location: `s3://${bucket}/tables/${name}`, Schema: { Fields } } },
    },
  },
})

/** As the template has them: the tables of the lake, and one with every type. */
export function lakeResources({
  more = [],
  views = [],
}: {
  more?: Fields
  views?: readonly object[]
} = {}): LakeResources {
  const told = [...lakeTables, { name: 'every_type', toldBy: 'flag' }]
  const routing = [{ ParameterName: 'MetadataExtractionQuery', ParameterValue: routingQuery(database, told) }]
  return lakeResourcesSchema.parse({
    databases: [{ name: database, arn: database, properties: { DatabaseInput: { Name: database } } }],
    tables: [
      ...[...lakeTables, ...analysisTables].map(({ name, fields }) => table(name, fields.map(fieldOf))),
      table('every_type', [...everyType, ...more]),
    ],
    views: views.map((properties) => ({ name: '', arn: '', properties })),
    deliveryStreams: [
      {
        name: stream,
        arn: stream,
        properties: {
          IcebergDestinationConfiguration: {
            S3Configuration: { BucketARN: `arn:aws:s3:::${bucket}`, ErrorOutputPrefix: 'errors/unrouted/' },
            DestinationTableConfigurationList: told.map(({ name }) => ({
              DestinationDatabaseName: database,
              DestinationTableName: name,
              S3ErrorOutputPrefix: `errors/${name}/`,
            })),
            ProcessingConfiguration: {
              Enabled: true,
              Processors: [{ Type: 'MetadataExtraction', Parameters: routing }],
            },
          },
        },
      },
    ],
    workGroups: [
      {
        name: workGroup,
        arn: workGroup,
        properties: {
          WorkGroupConfiguration: { ResultConfiguration: { OutputLocation: `s3://${bucket}/results/` } },
        },
      },
    ],
  })
}
