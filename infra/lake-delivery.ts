import { Aws, RemovalPolicy, Stack } from 'aws-cdk-lib'
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam'
import { CfnDeliveryStream } from 'aws-cdk-lib/aws-kinesisfirehose'
import { LogStream } from 'aws-cdk-lib/aws-logs'
import type { Construct } from 'constructs'
import { routingQuery } from '../functions/lake/routing.ts'
import { lakeTables } from '../functions/lake/tables.ts'
import type { Config } from './config.ts'
import { lakePrefixes } from './lake.ts'
import { createLogGroup } from './log-group.ts'
import type { Stateful } from './stateful.ts'

interface Delivery {
  config: Config
  data: Stateful
}

/** Known without a reference, so that who sends does not hang on it. */
export const lakeStreamName = ({ prefix }: Config): string => prefix

/** The longest that Firehose tries again; then rows are put under `errors/`. */
const retrySeconds = 7200
/** Rows wait for their time, not for their number: fewer and larger files. */
const bufferMiB = 128

/**
 * Rows → the tables of the lake. Its name is given, so that a change which would replace it fails, instead of taking
 * along what it still holds. What goes with the stack is sent again if the stack is back within a day, for `publish`
 * begins where the tables' streams do.
 */
export function createLakeDelivery(scope: Construct, { config, data }: Delivery): CfnDeliveryStream {
  const { bucket, database } = data.lake
  const role = createRole(scope, data)
  const log = createLog(scope, role, { config, data })
  const stream = new CfnDeliveryStream(scope, 'LakeStream', {
    deliveryStreamName: lakeStreamName(config),
    deliveryStreamType: 'DirectPut',
    deliveryStreamEncryptionConfigurationInput: {
      keyType: 'CUSTOMER_MANAGED_CMK',
      keyArn: data.key.keyArn,
    },
    icebergDestinationConfiguration: {
      roleArn: role.roleArn,
      catalogConfiguration: { catalogArn: glueArn(scope, 'catalog') },
      appendOnly: true,
      processingConfiguration: routing(database),
      destinationTableConfigurationList: lakeTables.map(({ name }) => ({
        destinationDatabaseName: database,
        destinationTableName: name,
        s3ErrorOutputPrefix: `${lakePrefixes.errors}${name}/`,
      })),
      bufferingHints: { intervalInSeconds: config.lakeBufferSeconds, sizeInMBs: bufferMiB },
      retryOptions: { durationInSeconds: retrySeconds },
      s3BackupMode: 'FailedDataOnly',
      s3Configuration: {
        bucketArn: bucket.bucketArn,
        roleArn: role.roleArn,
        // Wherever it puts what, the role may write nowhere else.
        prefix: lakePrefixes.errors,
        errorOutputPrefix: `${lakePrefixes.errors}unrouted/`,
        cloudWatchLoggingOptions: log,
      },
      cloudWatchLoggingOptions: log,
    },
  })
  // Firehose looks at once whether the role may do what it will have to.
  stream.node.addDependency(role)
  return stream
}

const routing = (database: string): CfnDeliveryStream.ProcessingConfigurationProperty => ({
  enabled: true,
  processors: [
    {
      type: 'MetadataExtraction',
      parameters: [
        { parameterName: 'MetadataExtractionQuery', parameterValue: routingQuery(database, lakeTables) },
        { parameterName: 'JsonParsingEngine', parameterValue: 'JQ-1.6' },
      ],
    },
  ],
})

/** As in "Grant Firehose access to an Apache Iceberg Tables destination", on what it needs of the one lake. */
function createRole(scope: Construct, { key, lake: { bucket, database } }: Stateful) {
  const role = new Role(scope, 'LakeStreamRole', {
    assumedBy: new ServicePrincipal('firehose.amazonaws.com', {
      conditions: { StringEquals: { 'sts:ExternalId': Aws.ACCOUNT_ID } },
    }),
  })
  const allow = (actions: string[], resources: string[]) =>
    role.addToPolicy(new PolicyStatement({ actions, resources }))
  allow(
    ['glue:GetDatabase', 'glue:GetTable', 'glue:UpdateTable'],
    [
      glueArn(scope, 'catalog'),
      glueArn(scope, `database/${database}`),
      ...lakeTables.map(({ name }) => glueArn(scope, `table/${database}/${name}`)),
    ],
  )
  allow(['s3:GetBucketLocation', 's3:ListBucket', 's3:ListBucketMultipartUploads'], [bucket.bucketArn])
  allow(['s3:GetObject', 's3:DeleteObject'], [bucket.arnForObjects(`${lakePrefixes.tables}*`)])
  allow(
    ['s3:PutObject', 's3:AbortMultipartUpload'],
    [bucket.arnForObjects(`${lakePrefixes.tables}*`), bucket.arnForObjects(`${lakePrefixes.errors}*`)],
  )
  role.addToPolicy(
    new PolicyStatement({
      actions: ['kms:Decrypt', 'kms:GenerateDataKey'],
      resources: [key.keyArn],
      conditions: { StringEquals: { 'kms:ViaService': `s3.${Aws.REGION}.amazonaws.com` } },
    }),
  )
  return role
}

function createLog(
  scope: Construct,
  role: Role,
  delivery: Delivery,
): CfnDeliveryStream.CloudWatchLoggingOptionsProperty {
  const logGroup = createLogGroup(scope, 'LakeStreamLogs', { ...delivery, name: 'lake', vended: true })
  const { logStreamName } = new LogStream(scope, 'LakeStreamLog', {
    logGroup,
    removalPolicy: RemovalPolicy.DESTROY,
  })
  logGroup.grant(role, 'logs:PutLogEvents')
  return { enabled: true, logGroupName: logGroup.logGroupName, logStreamName }
}

const glueArn = (scope: Construct, resource: string) =>
  Stack.of(scope).formatArn({ service: 'glue', resource })
