import { Duration, RemovalPolicy, Stack, Validations } from 'aws-cdk-lib'
import {
  AttributeType,
  Billing,
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
import type { Config } from './config.ts'
import { createLake, type Lake } from './lake.ts'
import { createPrivateBucket } from './private-bucket.ts'

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
  readonly key: Key
  readonly #removalPolicy: RemovalPolicy

  constructor(scope: Construct, id: string, { config }: { config: Config }) {
    super(scope, id, { description: 'omnijourney: streams, tables, lake and keys' })
    this.#removalPolicy = removalPolicies[config.removalPolicy]
    this.key = new Key(this, 'Key', {
      description: 'omnijourney: everything at rest',
      enableKeyRotation: true,
      removalPolicy: this.#removalPolicy,
    })
    this.stream = new Stream(this, 'Stream', {
      streamMode: StreamMode.PROVISIONED,
      shardCount: config.shardCount,
      retentionPeriod: Duration.days(7),
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
    this.eventBus = this.#eventBus(config.stage)
    this.lake = createLake(this, {
      stage: config.stage,
      key: this.key,
      removalPolicy: this.#removalPolicy,
    })
  }

  #table(
    id: string,
    shape: { timeToLiveAttribute?: string; globalSecondaryIndexes?: GlobalSecondaryIndexPropsV2[] },
  ) {
    return new TableV2(this, id, {
      partitionKey: { name: 'pk', type: AttributeType.STRING },
      sortKey: { name: 'sk', type: AttributeType.STRING },
      billing: Billing.onDemand(),
      dynamoStream: StreamViewType.NEW_AND_OLD_IMAGES,
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
      deletionProtection: this.#removalPolicy === RemovalPolicy.RETAIN,
      encryption: encryptedWith(this.key),
      removalPolicy: this.#removalPolicy,
      ...shape,
    })
  }

  /** Rejected bytes under `records/`; what an event source gave up on where Lambda puts it, under `aws/lambda/`. */
  #quarantine() {
    return createPrivateBucket(this, 'Quarantine', {
      key: this.key,
      lifecycleRules: [
        { expiration: Duration.days(90), abortIncompleteMultipartUploadAfter: Duration.days(1) },
      ],
      removalPolicy: this.#removalPolicy,
    })
  }

  /** What happens on journeys goes out here. It keeps nothing, but others hang their rules on it. */
  #eventBus(stage: string) {
    const bus = new EventBus(this, 'EventBus', {
      eventBusName: `omnijourney-${stage}`,
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

/**
 * TableV2 refuses a customer-managed key in a stack without a fixed region, although it is only replicas in
 * other regions that would need keys of their own; the one replica of these tables is the table itself.
 */
function encryptedWith(key: Key) {
  const encryption = TableEncryptionV2.customerManagedKey(key)
  encryption._renderReplicaSseSpecification = () => ({ kmsMasterKeyId: key.keyArn })
  return encryption
}
