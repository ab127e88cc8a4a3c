import { Stack } from 'aws-cdk-lib'
import type { IGrantable } from 'aws-cdk-lib/aws-iam'
import { allow } from './grants.ts'
import { lakePrefixes } from './lake.ts'
import type { Stateful } from './stateful.ts'

interface Access {
  data: Stateful
  /** The only one whose queries it sees. */
  workGroup: string
  /** Whether it may also change the rows of tables. */
  writes: boolean
}

/** Answers of what others have asked. */
export function allowAnswers(grantee: IGrantable, { data, workGroup }: Omit<Access, 'writes'>): void {
  const arn = Stack.of(data.key).formatArn({ service: 'athena', resource: `workgroup/${workGroup}` })
  allow(grantee, ['athena:GetQueryResults'], [arn])
  allow(grantee, ['s3:GetObject'], [data.lake.bucket.arnForObjects(`${lakePrefixes.results}*`)])
  data.key.grantDecrypt(grantee)
}

/** What Athena does for whoever asks it, it does with the rights of the asker. */
export function allowQueries(grantee: IGrantable, { data, workGroup, writes }: Access): void {
  const { key, lake } = data
  const stack = Stack.of(key)
  const arn = (service: string, resource: string) => stack.formatArn({ service, resource })
  allow(
    grantee,
    [
      'athena:StartQueryExecution',
      'athena:GetQueryExecution',
      'athena:GetQueryResults',
      'athena:StopQueryExecution',
    ],
    [arn('athena', `workgroup/${workGroup}`)],
  )
  // A step of a state machine looks at it before the query starts.
  allow(grantee, ['athena:GetDataCatalog'], [arn('athena', 'datacatalog/AwsDataCatalog')])
  allow(
    grantee,
    ['glue:GetDatabase', 'glue:GetTable', ...(writes ? ['glue:UpdateTable'] : [])],
    [
      arn('glue', 'catalog'),
      arn('glue', `database/${lake.database}`),
      arn('glue', `table/${lake.database}/*`),
    ],
  )
  const [tables, results] = [lakePrefixes.tables, lakePrefixes.results].map((prefix) =>
    lake.bucket.arnForObjects(`${prefix}*`),
  )
  allow(
    grantee,
    ['s3:GetBucketLocation', 's3:ListBucket', 's3:ListBucketMultipartUploads'],
    [lake.bucket.bucketArn],
  )
  allow(grantee, ['s3:GetObject'], [tables ?? '', results ?? ''])
  allow(
    grantee,
    ['s3:PutObject', 's3:AbortMultipartUpload'],
    [results ?? '', ...(writes ? [tables ?? ''] : [])],
  )
  if (writes) allow(grantee, ['s3:DeleteObject'], [tables ?? ''])
  key.grantEncryptDecrypt(grantee)
}
