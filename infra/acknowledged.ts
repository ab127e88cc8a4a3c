import { type Stack, Validations } from 'aws-cdk-lib'
import { z } from 'zod'
import type { Stateful } from './stateful.ts'

const imported = z.object({ 'Fn::ImportValue': z.string() })

/**
 * The wildcards that CDK's grants bring along, each with the reason why it is as narrow as can be. Every
 * other wildcard, in a resource or an action, still fails the synthesis.
 */
export function acknowledgeGrants(stack: Stack, data: Stateful) {
  const exported = (arn: string) => imported.parse(stack.resolve(data.exportValue(arn)))['Fn::ImportValue']
  const bucket = exported(data.quarantine.bucketArn)
  const lake = exported(data.lake.bucket.bucketArn)
  const resources = {
    [`${exported(data.identity.tableArn)}/index/*`]: 'The indexes of this one table.',
    [`${exported(data.touchpoints.tableArn)}/index/*`]: 'The indexes of this one table.',
    [`${exported(data.journeys.tableArn)}/index/*`]: 'The indexes of this one table.',
    [`${bucket}/records/*`]: 'Keys are made from the content of what is rejected; the prefix bounds them.',
    [`${bucket}/aws/lambda/*`]: 'Lambda names the failed batches itself; the prefix bounds them.',
    [`${lake}/tables/*`]: 'Iceberg names its files itself; the prefix bounds them.',
    [`${lake}/athena-results/*`]: 'Athena names results by the id of the query; the prefix bounds them.',
    [`arn:<AWS::Partition>:glue:<AWS::Region>:<AWS::AccountId>:table/${data.lake.database}/*`]:
      'The tables and views of this one database, which has nothing but those of this app.',
    [`${lake}/errors/*`]: 'Firehose names what it could not deliver itself; the prefix bounds them.',
    [`${bucket}/*`]: 'To show any rejected record, wherever in this one bucket it lies; reading only.',
  }
  const actions = {
    'kms:GenerateDataKey*': 'With and without plaintext, on the one key of this app.',
    'kms:ReEncrypt*': 'From and to, on the one key of this app.',
    's3:Abort*': 'Only AbortMultipartUpload begins so.',
    's3:GetBucket*': 'Reading, on the one bucket of this app.',
    's3:GetObject*': 'Reading, on the one bucket of this app.',
    's3:List*': 'Reading, on the one bucket of this app.',
  }
  for (const [kind, wildcards] of Object.entries({ Resource: resources, Action: actions })) {
    for (const [wildcard, reason] of Object.entries(wildcards)) {
      Validations.of(stack).acknowledge({ id: `AwsSolutions-IAM5[${kind}::${wildcard}]`, reason })
    }
  }
}
