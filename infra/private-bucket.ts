import { Aws, Duration, type RemovalPolicy, Validations } from 'aws-cdk-lib'
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam'
import type { Key } from 'aws-cdk-lib/aws-kms'
import {
  BlockPublicAccess,
  Bucket,
  BucketEncryption,
  CfnBucket,
  type LifecycleRule,
  ObjectOwnership,
} from 'aws-cdk-lib/aws-s3'
import type { Construct } from 'constructs'

export interface PrivateBucketOptions {
  key: Key
  /** Where S3 writes down who asked for what. */
  accessLogs: Bucket
  lifecycleRules: LifecycleRule[]
  removalPolicy: RemovalPolicy
}

/** A bucket under the key of the app. It keeps no versions: what is deleted there has to be gone. */
export function createPrivateBucket(scope: Construct, id: string, options: PrivateBucketOptions) {
  const { key, accessLogs, lifecycleRules, removalPolicy } = options
  const bucket = new Bucket(scope, id, {
    encryption: BucketEncryption.KMS,
    encryptionKey: key,
    bucketKeyEnabled: true,
    blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
    objectOwnership: ObjectOwnership.BUCKET_OWNER_ENFORCED,
    enforceSSL: true,
    lifecycleRules,
    removalPolicy,
  })
  // Bucket wants an IBucket for it, which a Bucket is not under exact optional property types.
  const { defaultChild } = bucket.node
  if (!(defaultChild instanceof CfnBucket)) throw new Error(`${id} is not a bucket of CloudFormation`)
  defaultChild.loggingConfiguration = {
    destinationBucketName: accessLogs.bucketName,
    logFilePrefix: `${id.toLowerCase()}/`,
  }
  return bucket
}

/**
 * Who asked for which object, for 90 days. S3 delivers only into buckets under a key of its own ("Enabling Amazon S3
 * server access logging"); there are names of objects in it, and no content.
 */
export function createAccessLogBucket(
  scope: Construct,
  id: string,
  { removalPolicy }: { removalPolicy: RemovalPolicy },
) {
  const bucket = new Bucket(scope, id, {
    encryption: BucketEncryption.S3_MANAGED,
    blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
    objectOwnership: ObjectOwnership.BUCKET_OWNER_ENFORCED,
    enforceSSL: true,
    lifecycleRules: [
      { expiration: Duration.days(90), abortIncompleteMultipartUploadAfter: Duration.days(1) },
    ],
    removalPolicy,
  })
  bucket.addToResourcePolicy(
    new PolicyStatement({
      principals: [new ServicePrincipal('logging.s3.amazonaws.com')],
      actions: ['s3:PutObject'],
      resources: [bucket.arnForObjects('*')],
      conditions: { StringEquals: { 'aws:SourceAccount': Aws.ACCOUNT_ID } },
    }),
  )
  Validations.of(bucket).acknowledge({
    id: 'AwsSolutions-S1',
    reason: 'It takes the logs of the others; its own would be about nothing but their delivery.',
  })
  return bucket
}
