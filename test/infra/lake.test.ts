import { Match } from 'aws-cdk-lib/assertions'
import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { analysisTables } from '../../functions/analytics/tables.ts'
import { lakeTables } from '../../functions/lake/tables.ts'
import { synthesize } from './synthesized.ts'

const { stateful, analysis } = synthesize()

const nestedField = z.object({ id: z.int(), name: z.string(), type: z.string(), doc: z.string() })
const nestedType = z.object({
  type: z.literal('list'),
  'element-id': z.int(),
  element: z.union([z.string(), z.object({ type: z.literal('struct'), fields: z.array(nestedField) })]),
})

const tableSchema = z.object({
  Properties: z.strictObject({
    CatalogId: z.unknown(),
    DatabaseName: z.literal('omnijourney_trial'),
    Name: z.string(),
    OpenTableFormatInput: z.object({
      IcebergInput: z.strictObject({
        MetadataOperation: z.literal('CREATE'),
        Version: z.literal('2'),
        IcebergTableInput: z.object({
          Location: z.unknown(),
          Schema: z.object({
            Type: z.literal('struct'),
            Fields: z.array(
              z.object({ Id: z.int(), Name: z.string(), Type: z.string(), Doc: z.string().min(1).max(255) }),
            ),
          }),
          PartitionSpec: z
            .object({
              Fields: z.array(z.object({ FieldId: z.int(), Transform: z.string(), SourceId: z.int() })),
            })
            .optional(),
          WriteOrder: z.object({ Fields: z.array(z.object({ SourceId: z.int() })) }).optional(),
          Properties: z.record(z.string(), z.string()),
        }),
      }),
    }),
  }),
})

const tables = Object.values(stateful.findResources('AWS::Glue::Table')).map((resource) => {
  const { Name, OpenTableFormatInput } = tableSchema.parse(resource).Properties
  return { name: Name, ...OpenTableFormatInput.IcebergInput.IcebergTableInput }
})
type Column = (typeof tables)[number]['Schema']['Fields'][number]

/** Every column and everything in it, as `path → number`. */
function idsOf({ Id, Name, Type }: Column): [string, number][] {
  if (!Type.startsWith('{')) return [[Name, Id]]
  const { 'element-id': elementId, element } = nestedType.parse(JSON.parse(Type))
  const inside = typeof element === 'string' ? [] : element.fields
  return [
    [Name, Id],
    [`${Name}[]`, elementId],
    ...inside.map(({ name, id }): [string, number] => [`${Name}[].${name}`, id]),
  ]
}

describe('the tables of the lake', () => {
  test('are made without tableInput, which destroys them', () => {
    const all = [...lakeTables, ...analysisTables]
    expect(tables.map(({ name }) => name)).toEqual(all.map(({ name }) => name))
    stateful.allResourcesProperties('AWS::Glue::Table', { TableInput: Match.absent() })
  })

  test('never number a column otherwise, or two alike: numbers are written into every file', () => {
    const ids = Object.fromEntries(
      tables.map(({ name, Schema }) => [name, Object.fromEntries(Schema.Fields.flatMap(idsOf))]),
    )
    for (const table of Object.values(ids)) {
      expect(new Set(Object.values(table)).size).toBe(Object.keys(table).length)
    }
    expect(ids).toMatchSnapshot()
  })

  test('write types as Glue compares them when they change', () => {
    const types = tables.flatMap(({ Schema }) => Schema.Fields.map(({ Type }) => Type))
    const decimals = types.flatMap((type) => type.match(/decimal[^"]*/g) ?? [])
    expect(new Set(decimals)).toEqual(new Set(['decimal(18, 4)', 'decimal(18, 3)']))
    expect(types.filter((type) => /timestamptz|varchar|bigint/.test(type))).toEqual([])
  })

  test.each([
    ['touchpoint_log', 'event_time', 'event_time'],
    ['identity_map', null, 'node_id'],
    ['quarantine_log', 'received_at', 'received_at'],
  ])('%s lies by the day of %s, sorted by %s', (name, day, sorted) => {
    const table = tables.find((found) => found.name === name)
    const idOf = (column: string) => table?.Schema.Fields.find(({ Name }) => Name === column)?.Id
    const days = day === null ? undefined : [{ FieldId: 1000, Transform: 'day', SourceId: idOf(day) }]
    expect(table?.PartitionSpec?.Fields).toEqual(days)
    expect(table?.WriteOrder?.Fields).toEqual([{ SourceId: idOf(sorted) }])
    expect(JSON.stringify(table?.Location)).toContain(`/tables/${name}"`)
  })

  test('of analyses lie by run, so that one goes without rewriting others', () => {
    for (const { name } of analysisTables.filter((one) => one.name !== 'analysis_run')) {
      const { Schema, PartitionSpec, WriteOrder } = tables.find((found) => found.name === name) ?? {}
      const [run] = Schema?.Fields ?? []
      expect(run?.Name).toBe('run_id')
      expect(PartitionSpec?.Fields).toEqual([{ FieldId: 1000, Transform: 'identity', SourceId: run?.Id }])
      expect(WriteOrder).toBeUndefined()
    }
  })

  test('say what they are, and are not dropped with the stack', () => {
    for (const { Properties } of tables) {
      expect(Properties).toMatchObject({
        comment: expect.stringMatching(/.{20}/),
        'format-version': '2',
        'write.parquet.compression-codec': 'zstd',
      })
    }
    stateful.allResources('AWS::Glue::Table', { DeletionPolicy: 'Retain', UpdateReplacePolicy: 'Retain' })
    stateful.allResources('AWS::Glue::Database', { DeletionPolicy: 'Retain' })
  })

  test('are in a database that is named after the stage', () => {
    const { stateful: berlin, analysis: delivery } = synthesize({ stage: 'berlin-2' })
    berlin.hasResourceProperties('AWS::Glue::Database', { DatabaseInput: { Name: 'omnijourney_berlin_2' } })
    berlin.allResourcesProperties('AWS::Glue::Table', { DatabaseName: 'omnijourney_berlin_2' })
    berlin.hasResourceProperties('AWS::Athena::WorkGroup', { Name: 'omnijourney-berlin-2' })
    delivery.hasResourceProperties('AWS::KinesisFirehose::DeliveryStream', {
      DeliveryStreamName: 'omnijourney-berlin-2',
    })
  })
})

describe('the bucket of the lake', () => {
  test('is private and encrypted, and forgets only errors and results', () => {
    const isLake = { BucketEncryption: Match.anyValue(), LifecycleConfiguration: { Rules: Match.anyValue() } }
    const [lake] = Object.entries(stateful.findResources('AWS::S3::Bucket', { Properties: isLake }))
      .filter(([id]) => id.startsWith('Lake'))
      .map(([, resource]) => resource)
    expect(lake).toMatchObject({
      DeletionPolicy: 'Retain',
      Properties: {
        BucketEncryption: {
          ServerSideEncryptionConfiguration: [
            { BucketKeyEnabled: true, ServerSideEncryptionByDefault: { SSEAlgorithm: 'aws:kms' } },
          ],
        },
        PublicAccessBlockConfiguration: {
          BlockPublicAcls: true,
          BlockPublicPolicy: true,
          IgnorePublicAcls: true,
          RestrictPublicBuckets: true,
        },
        OwnershipControls: { Rules: [{ ObjectOwnership: 'BucketOwnerEnforced' }] },
        LifecycleConfiguration: {
          Rules: [
            { AbortIncompleteMultipartUpload: { DaysAfterInitiation: 1 }, Status: 'Enabled' },
            { Prefix: 'errors/', ExpirationInDays: 90, Status: 'Enabled' },
            { Prefix: 'athena-results/', ExpirationInDays: 7, Status: 'Enabled' },
          ],
        },
      },
    })
  })

  test('is asked through TLS only', () => {
    stateful.hasResourceProperties('AWS::S3::BucketPolicy', {
      Bucket: { Ref: Match.stringLikeRegexp('^Lake') },
      PolicyDocument: {
        Statement: Match.arrayWith([
          Match.objectLike({ Effect: 'Deny', Condition: { Bool: { 'aws:SecureTransport': 'false' } } }),
        ]),
      },
    })
  })
})

test('Athena encrypts what it finds and stops what scans a terabyte, whatever a client says', () => {
  stateful.hasResourceProperties('AWS::Athena::WorkGroup', {
    Name: 'omnijourney-trial',
    WorkGroupConfiguration: {
      EnforceWorkGroupConfiguration: true,
      EngineVersion: { SelectedEngineVersion: 'Athena engine version 3' },
      BytesScannedCutoffPerQuery: 1e12,
      PublishCloudWatchMetricsEnabled: true,
      ResultConfiguration: {
        EncryptionConfiguration: { EncryptionOption: 'SSE_KMS', KmsKey: Match.anyValue() },
        OutputLocation: { 'Fn::Join': ['', Match.arrayWith(['/athena-results/'])] },
      },
    },
  })
})

describe('the delivery to the lake', () => {
  test('only appends, in time, and puts what fails with the errors of its table', () => {
    const { analysis: slow } = synthesize({ lakeBufferSeconds: 900 })
    slow.hasResource('AWS::KinesisFirehose::DeliveryStream', {
      DependsOn: Match.arrayWith([Match.stringLikeRegexp('^LakeStreamRoleDefaultPolicy')]),
      Properties: {
        DeliveryStreamType: 'DirectPut',
        DeliveryStreamEncryptionConfigurationInput: {
          KeyType: 'CUSTOMER_MANAGED_CMK',
          KeyARN: Match.anyValue(),
        },
        IcebergDestinationConfiguration: {
          AppendOnly: true,
          BufferingHints: { IntervalInSeconds: 900, SizeInMBs: 128 },
          RetryOptions: { DurationInSeconds: 7200 },
          s3BackupMode: 'FailedDataOnly',
          DestinationTableConfigurationList: lakeTables.map(({ name }) => ({
            DestinationDatabaseName: 'omnijourney_trial',
            DestinationTableName: name,
            S3ErrorOutputPrefix: `errors/${name}/`,
            UniqueKeys: Match.absent(),
          })),
          S3Configuration: { Prefix: 'errors/', ErrorOutputPrefix: 'errors/unrouted/' },
          CloudWatchLoggingOptions: { Enabled: true },
        },
      },
    })
  })

  test('knows by a row where it goes, without a function', () => {
    analysis.hasResourceProperties('AWS::KinesisFirehose::DeliveryStream', {
      IcebergDestinationConfiguration: {
        ProcessingConfiguration: {
          Enabled: true,
          Processors: [
            {
              Type: 'MetadataExtraction',
              Parameters: [
                {
                  ParameterName: 'MetadataExtractionQuery',
                  ParameterValue: Match.stringLikeRegexp('"omnijourney_trial".*has."event_time".'),
                },
                { ParameterName: 'JsonParsingEngine', ParameterValue: 'JQ-1.6' },
              ],
            },
          ],
        },
      },
    })
  })

  const policySchema = z.object({
    Properties: z.object({
      PolicyDocument: z.object({
        Statement: z.array(
          z.object({ Action: z.union([z.string(), z.array(z.string())]), Resource: z.unknown() }),
        ),
      }),
    }),
  })
  const statementsOf = (name: string) =>
    Object.entries(analysis.findResources('AWS::IAM::Policy'))
      .filter(([id]) => id.startsWith(name))
      .flatMap(([, policy]) => policySchema.parse(policy).Properties.PolicyDocument.Statement)
      .map(({ Action, Resource }) => ({
        actions: [Action].flat(),
        resources: JSON.stringify([Resource].flat()),
      }))

  test('may do what it needs, on its tables and prefixes', () => {
    const statements = statementsOf('LakeStreamRole')
    const resourcesOf = (action: string) =>
      statements.filter(({ actions }) => actions.includes(action)).map(({ resources }) => resources)
    expect(statements.flatMap(({ actions }) => actions).toSorted()).toEqual([
      'glue:GetDatabase',
      'glue:GetTable',
      'glue:UpdateTable',
      'kms:Decrypt',
      'kms:GenerateDataKey',
      'logs:PutLogEvents',
      's3:AbortMultipartUpload',
      's3:DeleteObject',
      's3:GetBucketLocation',
      's3:GetObject',
      's3:ListBucket',
      's3:ListBucketMultipartUploads',
      's3:PutObject',
    ])
    for (const { resources } of statements) expect(resources).not.toContain('"*"')
    expect(resourcesOf('glue:UpdateTable')[0]?.match(/:(catalog|database\/[^"]*|table\/[^"]*)"/g)).toEqual([
      ':catalog"',
      ':database/omnijourney_trial"',
      ':table/omnijourney_trial/campaign_log"',
      ':table/omnijourney_trial/identity_map"',
      ':table/omnijourney_trial/journey_log"',
      ':table/omnijourney_trial/quarantine_log"',
      ':table/omnijourney_trial/touchpoint_log"',
    ])
    expect(resourcesOf('s3:PutObject')[0]?.match(/"\/[^"]*"/g)).toEqual(['"/errors/*"', '"/tables/*"'])
    expect(resourcesOf('s3:DeleteObject')[0]?.match(/"\/[^"]*"/g)).toEqual(['"/tables/*"'])
  })
})

test('all of it can be removed where the configuration says so', () => {
  const { stateful: removable } = synthesize({ removalPolicy: 'destroy' })
  removable.allResources('AWS::Glue::Table', { DeletionPolicy: 'Delete' })
  removable.allResources('AWS::S3::Bucket', { DeletionPolicy: 'Delete' })
  removable.hasResource('AWS::Athena::WorkGroup', {
    DeletionPolicy: 'Delete',
    Properties: { RecursiveDeleteOption: true },
  })
})
