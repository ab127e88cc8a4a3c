import { ArnFormat, Aws, Duration, RemovalPolicy, Stack, type StackProps, Validations } from 'aws-cdk-lib'
import {
  AttributeType,
  type GlobalSecondaryIndexPropsV2,
  ProjectionType,
  StreamViewType,
  TableEncryptionV2,
  TableV2,
} from 'aws-cdk-lib/aws-dynamodb'
import { EventBus } from 'aws-cdk-lib/aws-events'
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam'
import { Stream, StreamEncryption, StreamMode } from 'aws-cdk-lib/aws-kinesis'
import { Key } from 'aws-cdk-lib/aws-kms'
import type { Bucket } from 'aws-cdk-lib/aws-s3'
import { Secret } from 'aws-cdk-lib/aws-secretsmanager'
import type { Construct } from 'constructs'
import { createAccess, type Issuer } from './access.ts'
import type { Config } from './config.ts'
import { streamHours } from './event-sources.ts'
import { createLake, type Lake } from './lake.ts'
import { createAccessLogBucket, createPrivateBucket } from './private-bucket.ts'
import { capacityOf, indexCapacityOf, type TableName } from './table-capacity.ts'

const removalPolicies = { retain: RemovalPolicy.RETAIN, destroy: RemovalPolicy.DESTROY } as const

/** Finds an order by its number; most items are not in it. */
const byOrder: GlobalSecondaryIndexPropsV2 = {
  indexName: 'byOrder',
  partitionKey: { name: 'o', type: AttributeType.STRING },
  projectionType: ProjectionType.KEYS_ONLY,
}

/** What must outlive any deployment of code: the data and the keys to it. */
export class Stateful extends Stack {
  readonly stream: Stream
  readonly identity: TableV2
  readonly touchpoints: TableV2
  readonly journeys: TableV2
  readonly insights: TableV2
  readonly quarantine: Bucket
  readonly lake: Lake
  readonly eventBus: EventBus
  readonly hmacSecret: Secret
  readonly access: Issuer
  readonly key: Key
  readonly #config: Config
  readonly #removalPolicy: RemovalPolicy
  readonly #accessLogs: Bucket

  constructor(scope: Construct, id: string, { config, ...props }: StackProps & { config: Config }) {
    super(scope, id, { ...props, description: 'omnijourney: streams, tables, lake and keys' })
    this.#config = config
    this.#removalPolicy = removalPolicies[config.removalPolicy]
    this.key = this.#key()
    this.#accessLogs = createAccessLogBucket(this, 'AccessLogs', { removalPolicy: this.#removalPolicy })
    this.stream = new Stream(this, 'Stream', {
      ...streamCapacity(config),
      retentionPeriod: Duration.hours(streamHours),
      encryption: StreamEncryption.KMS,
      encryptionKey: this.key,
      removalPolicy: this.#removalPolicy,
    })
    Validations.of(this.stream).acknowledge({
      id: 'AwsSolutions-KDS3',
      reason: "Events are personal data: their key is the retailer's own, whatever its requests cost.",
    })
    this.identity = this.#table('Identity', {
      globalSecondaryIndexes: [
        {
          indexName: 'byNode',
          partitionKey: { name: 'n', type: AttributeType.STRING },
          sortKey: { name: 'pk', type: AttributeType.STRING },
          projectionType: ProjectionType.ALL,
        },
      ],
    })
    this.touchpoints = this.#table('Touchpoints', {
      timeToLiveAttribute: 'x',
      globalSecondaryIndexes: [byOrder],
    })
    this.journeys = this.#table('Journeys', { globalSecondaryIndexes: [byOrder] })
    this.insights = this.#table('Insights', { timeToLiveAttribute: 'x' })
    this.quarantine = this.#quarantine()
    this.hmacSecret = this.#secret()
    this.eventBus = this.#eventBus()
    this.access = createAccess(this, { config, removalPolicy: this.#removalPolicy })
    this.lake = createLake(this, {
      config,
      key: this.key,
      accessLogs: this.#accessLogs,
      removalPolicy: this.#removalPolicy,
    })
  }

  #table(
    id: TableName,
    shape: { timeToLiveAttribute?: string; globalSecondaryIndexes?: GlobalSecondaryIndexPropsV2[] },
  ) {
    return new TableV2(this, id, {
      partitionKey: { name: 'pk', type: AttributeType.STRING },
      sortKey: { name: 'sk', type: AttributeType.STRING },
      ...capacityOf(this.#config, id),
      dynamoStream: StreamViewType.NEW_AND_OLD_IMAGES,
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
      deletionProtection: this.#removalPolicy === RemovalPolicy.RETAIN,
      encryption: encryptedWith(this.key),
      removalPolicy: this.#removalPolicy,
      ...shape,
      ...(shape.globalSecondaryIndexes && {
        globalSecondaryIndexes: shape.globalSecondaryIndexes.map((index) => ({
          ...index,
          ...indexCapacityOf(this.#config, id),
        })),
      }),
    })
  }

  /** Of all that is at rest, logs and messages about alarms included. */
  #key() {
    const key = new Key(this, 'Key', {
      description: 'omnijourney: everything at rest',
      enableKeyRotation: true,
      removalPolicy: this.#removalPolicy,
    })
    // CloudWatch Logs, "Encrypt log data": only for log groups of this account.
    key.addToResourcePolicy(
      new PolicyStatement({
        principals: [new ServicePrincipal(`logs.${Aws.REGION}.amazonaws.com`)],
        actions: ['kms:Encrypt', 'kms:Decrypt', 'kms:ReEncrypt*', 'kms:GenerateDataKey*', 'kms:DescribeKey'],
        resources: ['*'],
        conditions: {
          ArnLike: {
            'kms:EncryptionContext:aws:logs:arn': this.formatArn({
              service: 'logs',
              resource: 'log-group',
              resourceName: '*',
              arnFormat: ArnFormat.COLON_RESOURCE_NAME,
            }),
          },
        },
      }),
    )
    // Alarms and budgets write to a topic that is encrypted with it.
    key.addToResourcePolicy(
      new PolicyStatement({
        principals: ['cloudwatch', 'budgets'].map((name) => new ServicePrincipal(`${name}.amazonaws.com`)),
        actions: ['kms:Decrypt', 'kms:GenerateDataKey*'],
        resources: ['*'],
        conditions: { StringEquals: { 'aws:SourceAccount': Aws.ACCOUNT_ID } },
      }),
    )
    return key
  }

  /** Rejected bytes under `records/`; what an event source gave up on where Lambda puts it, under `aws/lambda/`. */
  #quarantine() {
    return createPrivateBucket(this, 'Quarantine', {
      key: this.key,
      accessLogs: this.#accessLogs,
      lifecycleRules: [
        { expiration: Duration.days(90), abortIncompleteMultipartUploadAfter: Duration.days(1) },
      ],
      removalPolicy: this.#removalPolicy,
    })
  }

  /** What happens on journeys goes out here. It keeps nothing, but others hang their rules on it. */
  #eventBus() {
    const bus = new EventBus(this, 'EventBus', {
      eventBusName: this.#config.prefix,
      description: 'omnijourney: what happens on journeys',
      kmsKey: this.key,
    })
    // The construct allows it only with the bus in the encryption context, which it never has (aws/aws-cdk#35411).
    this.key.addToResourcePolicy(
      new PolicyStatement({
        principals: [new ServicePrincipal('events.amazonaws.com')],
        actions: ['kms:DescribeKey'],
        resources: ['*'],
      }),
    )
    return bus
  }

  /** The permanent key of all matching: identifiers are kept as HMACs under it, and their raw values nowhere. */
  #secret() {
    const secret = new Secret(this, 'HmacSecret', {
      description: 'omnijourney: key of the identifiers. If it is lost, no customer is recognised any more.',
      generateSecretString: { passwordLength: 64, excludePunctuation: true },
      encryptionKey: this.key,
      removalPolicy: this.#removalPolicy,
    })
    Validations.of(secret).acknowledge({
      id: 'AwsSolutions-SMG4',
      reason:
        'Rotation would unbind every identifier, for raw values are not kept; a new key gets a new version.',
    })
    return secret
  }
}

const streamCapacity = ({ stream }: Config) =>
  stream.mode === 'provisioned'
    ? { streamMode: StreamMode.PROVISIONED, shardCount: stream.shards }
    : { streamMode: StreamMode.ON_DEMAND }

/**
 * TableV2 refuses a customer-managed key in a stack without a fixed region, although it is only replicas in
 * other regions that would need keys of their own; the one replica of these tables is the table itself.
 */
function encryptedWith(key: Key) {
  const encryption = TableEncryptionV2.customerManagedKey(key)
  encryption._renderReplicaSseSpecification = () => ({ kmsMasterKeyId: key.keyArn })
  return encryption
}
