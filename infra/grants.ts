import type { TableV2 } from 'aws-cdk-lib/aws-dynamodb'
import { type IGrantable, PolicyStatement } from 'aws-cdk-lib/aws-iam'
import type { Bucket } from 'aws-cdk-lib/aws-s3'
import type { Stateful } from './stateful.ts'

export function allow(grantee: IGrantable, actions: string[], resources: string[]) {
  grantee.grantPrincipal.addToPrincipalPolicy(new PolicyStatement({ actions, resources }))
}

/** What the stores ask DynamoDB for; the CDK's own grants would let every reader scan and every writer delete. */
type TableAction =
  | 'BatchGetItem'
  | 'Query'
  | 'Scan'
  | 'PutItem'
  | 'UpdateItem'
  | 'DeleteItem'
  | 'ConditionCheckItem'
  | 'PartiQLInsert'
  | 'PartiQLUpdate'
  | 'PartiQLDelete'

/** A transaction is allowed by what is in it, and so is a batch of statements. */
export const transactions = ['PutItem', 'UpdateItem', 'DeleteItem', 'ConditionCheckItem'] as const

const reading = new Set<TableAction>(['BatchGetItem', 'Query', 'Scan'])

/** On the table itself, and on the key that it lies under. */
export function allowTable(
  { key }: Stateful,
  { table, grantee }: { table: TableV2; grantee: IGrantable },
  ...actions: TableAction[]
) {
  const requests = actions.map((action) => `dynamodb:${action}`)
  allow(grantee, requests, [table.tableArn])
  key.grant(grantee, 'kms:Decrypt', 'kms:DescribeKey')
  if (!actions.every((action) => reading.has(action))) key.grantEncrypt(grantee)
}

export function allowIndex(grantee: IGrantable, table: TableV2, index: string) {
  allow(grantee, ['dynamodb:Query'], [`${table.tableArn}/index/${index}`])
}

/** Objects whose names begin so may be put, and nothing else. */
export function allowPut(
  { key }: Stateful,
  { bucket, grantee }: { bucket: Bucket; grantee: IGrantable },
  prefix: string,
) {
  allow(grantee, ['s3:PutObject'], [bucket.arnForObjects(`${prefix}*`)])
  key.grantEncryptDecrypt(grantee)
}
