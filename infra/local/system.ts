import { join } from 'node:path'
import { z } from 'zod'
import type { Assembly } from './assembly.ts'
import { describeGateway } from './gateway.ts'
import {
  databaseSchema,
  deliveryStreamSchema,
  tableSchema as lakeTableSchema,
  viewSchema,
  workGroupSchema,
} from './lake/resources.ts'
import { read } from './read-resources.ts'
import { createResolver } from './template.ts'

const keySchema = z.array(z.object({ AttributeName: z.string(), KeyType: z.enum(['HASH', 'RANGE']) }))

const tableSchema = z.object({
  AttributeDefinitions: z.array(z.object({ AttributeName: z.string(), AttributeType: z.string() })),
  KeySchema: keySchema,
  GlobalSecondaryIndexes: z
    .array(
      z.object({
        IndexName: z.string(),
        KeySchema: keySchema,
        Projection: z.object({
          ProjectionType: z.string(),
          NonKeyAttributes: z.array(z.string()).optional(),
        }),
      }),
    )
    .optional(),
  StreamSpecification: z.object({ StreamViewType: z.string() }).optional(),
  TimeToLiveSpecification: z.object({ AttributeName: z.string(), Enabled: z.boolean() }).optional(),
})

const functionSchema = z.object({
  Code: z.object({ S3Key: z.string() }),
  Handler: z.string(),
  Timeout: z.number(),
  MemorySize: z.number(),
  Environment: z.object({ Variables: z.record(z.string(), z.string()) }),
})

const eventSourceSchema = z.object({
  EventSourceArn: z.string(),
  FunctionName: z.string(),
  // Any other position would make what a restart sees depend on when it happens.
  StartingPosition: z.literal('TRIM_HORIZON'),
  BatchSize: z.int().default(100),
  MaximumBatchingWindowInSeconds: z.number().default(0),
  ParallelizationFactor: z.int().default(1),
  BisectBatchOnFunctionError: z.boolean().default(false),
  FunctionResponseTypes: z.array(z.string()).default([]),
  MaximumRetryAttempts: z.int().default(-1),
  MaximumRecordAgeInSeconds: z.int().default(-1),
  FilterCriteria: z.object({ Filters: z.array(z.object({ Pattern: z.string() })) }).optional(),
  DestinationConfig: z.object({ OnFailure: z.object({ Destination: z.string() }) }).optional(),
})

const stateMachineSchema = z.object({ DefinitionString: z.string() })

const scheduleSchema = z.object({
  ScheduleExpression: z.string(),
  Targets: z.array(z.object({ Arn: z.string() })),
})

const streamSchema = z.object({ ShardCount: z.int() })
const secretSchema = z.object({ GenerateSecretString: z.object({ PasswordLength: z.int() }) })

/** What the templates say there is, in the words of this runtime. */
export function describeSystem({ templates, directory }: Assembly) {
  const resolver = createResolver(templates)
  return {
    tables: read(resolver, 'AWS::DynamoDB::GlobalTable', tableSchema),
    streams: read(resolver, 'AWS::Kinesis::Stream', streamSchema),
    buckets: read(resolver, 'AWS::S3::Bucket', z.object({})),
    secrets: read(resolver, 'AWS::SecretsManager::Secret', secretSchema),
    eventBuses: read(resolver, 'AWS::Events::EventBus', z.object({})),
    functions: read(resolver, 'AWS::Lambda::Function', functionSchema).map((found) => ({
      ...found,
      ...codeOf(directory, found.properties),
    })),
    eventSources: read(resolver, 'AWS::Lambda::EventSourceMapping', eventSourceSchema),
    schedules: read(resolver, 'AWS::Events::Rule', scheduleSchema),
    stateMachines: read(resolver, 'AWS::StepFunctions::StateMachine', stateMachineSchema),
    lake: {
      databases: read(resolver, 'AWS::Glue::Database', databaseSchema),
      tables: read(resolver, 'AWS::Glue::Table', lakeTableSchema, isTable),
      views: read(resolver, 'AWS::Glue::Table', viewSchema, (properties) => !isTable(properties)),
      deliveryStreams: read(resolver, 'AWS::KinesisFirehose::DeliveryStream', deliveryStreamSchema),
      workGroups: read(resolver, 'AWS::Athena::WorkGroup', workGroupSchema),
    },
    ...describeGateway(resolver),
  }
}

export type System = ReturnType<typeof describeSystem>
export type TableResource = System['tables'][number]
export type FunctionResource = System['functions'][number]
export type EventSourceResource = System['eventSources'][number]
export type ScheduleResource = System['schedules'][number]

const isTable = (properties: object) => 'OpenTableFormatInput' in properties

/** `<hash>.zip` in the template is the directory `asset.<hash>` beside it; `index.handler` is in its index.mjs. */
function codeOf(directory: string, { Code, Handler }: z.infer<typeof functionSchema>) {
  const [module = '', handler = ''] = Handler.split('.')
  const asset = `asset.${Code.S3Key.replace(/\.zip$/, '')}`
  return { module: join(directory, asset, `${module}.mjs`), handler }
}
