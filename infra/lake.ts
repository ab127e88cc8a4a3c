import { Aws, Duration, RemovalPolicy } from 'aws-cdk-lib'
import { CfnWorkGroup } from 'aws-cdk-lib/aws-athena'
import { CfnDatabase } from 'aws-cdk-lib/aws-glue'
import type { Key } from 'aws-cdk-lib/aws-kms'
import type { Bucket } from 'aws-cdk-lib/aws-s3'
import type { Construct } from 'constructs'
import type { Config } from './config.ts'
import { createLakeTables } from './lake-tables.ts'
import { createPrivateBucket } from './private-bucket.ts'

export interface Lake {
  bucket: Bucket
  /** The name of the Glue database. */
  database: string
}

export interface LakeOptions {
  config: Config
  key: Key
  accessLogs: Bucket
  removalPolicy: RemovalPolicy
}

/** What lies where in the bucket of the lake. */
export const lakePrefixes = { tables: 'tables/', errors: 'errors/', results: 'athena-results/' } as const

/** All that happened and who it was, for questions about all customers. */
export function createLake(scope: Construct, options: LakeOptions): Lake {
  const { config, key, accessLogs, removalPolicy } = options
  const bucket = createPrivateBucket(scope, 'Lake', {
    key,
    accessLogs,
    removalPolicy,
    // Files of the tables go when VACUUM finds that nothing refers to them, never by their age.
    lifecycleRules: [
      { abortIncompleteMultipartUploadAfter: Duration.days(1) },
      { prefix: lakePrefixes.errors, expiration: Duration.days(90) },
      { prefix: lakePrefixes.results, expiration: Duration.days(7) },
    ],
  })
  const name = config.prefix.replaceAll('-', '_')
  const location = bucket.s3UrlForObject(lakePrefixes.tables.replace('/', ''))
  const database = new CfnDatabase(scope, 'LakeDatabase', {
    catalogId: Aws.ACCOUNT_ID,
    databaseInput: { name, description: 'omnijourney: what happened and who it was', locationUri: location },
  })
  database.applyRemovalPolicy(removalPolicy)
  for (const table of createLakeTables(scope, { database: name, location })) {
    table.addResourceDependency(database)
    table.applyRemovalPolicy(removalPolicy)
  }
  createWorkGroup(scope, bucket, options)
  return { bucket, database: name }
}

/** Athena takes $5 for a terabyte: no single query costs more, whatever it forgot to say. */
const mostScannedBytes = 1_000_000_000_000

function createWorkGroup(scope: Construct, bucket: Bucket, { config, key, removalPolicy }: LakeOptions) {
  const workGroup = new CfnWorkGroup(scope, 'LakeWorkGroup', {
    name: config.prefix,
    description: 'omnijourney: questions about all customers',
    // It has a history as soon as anybody has asked anything, and would stay for that.
    recursiveDeleteOption: removalPolicy === RemovalPolicy.DESTROY,
    workGroupConfiguration: {
      enforceWorkGroupConfiguration: true,
      engineVersion: { selectedEngineVersion: 'Athena engine version 3' },
      bytesScannedCutoffPerQuery: mostScannedBytes,
      publishCloudWatchMetricsEnabled: true,
      resultConfiguration: {
        outputLocation: bucket.s3UrlForObject(lakePrefixes.results),
        encryptionConfiguration: { encryptionOption: 'SSE_KMS', kmsKey: key.keyArn },
      },
    },
  })
  workGroup.applyRemovalPolicy(removalPolicy)
}
