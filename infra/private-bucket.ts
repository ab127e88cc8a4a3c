import { type RemovalPolicy, Validations } from 'aws-cdk-lib'
import type { Key } from 'aws-cdk-lib/aws-kms'
import {
  BlockPublicAccess,
  Bucket,
  BucketEncryption,
  type LifecycleRule,
  ObjectOwnership,
} from 'aws-cdk-lib/aws-s3'
import type { Construct } from 'constructs'

export interface PrivateBucketOptions {
  key: Key
  lifecycleRules: LifecycleRule[]
  removalPolicy: RemovalPolicy
}

/** A bucket under the key of the app. It keeps no versions: what is deleted there has to be gone. */
export function createPrivateBucket(scope: Construct, id: string, options: PrivateBucketOptions) {
  const { key, lifecycleRules, removalPolicy } = options
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
  Validations.of(bucket).acknowledge({
    id: 'AwsSolutions-S1',
    reason:
      'Only the functions of this app read and write it; CloudTrail data events say who did, when wanted.',
  })
  return bucket
}
