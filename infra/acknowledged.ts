import { type Stack, Validations } from 'aws-cdk-lib'
import { z } from 'zod'
import type { Stateful } from './stateful.ts'

const imported = z.object({ 'Fn::ImportValue': z.string() })

/**
 * The wildcards that are left, each with the reason why it is as narrow as can be. Every
 * other wildcard, in a resource or an action, still fails the synthesis.
 */
export function acknowledgeGrants(stack: Stack, data: Stateful) {
  const exported = (arn: string) => imported.parse(stack.resolve(data.exportValue(arn)))['Fn::ImportValue']
  const bucket = exported(data.quarantine.bucketArn)
  const lake = exported(data.lake.bucket.bucketArn)
  const resources = {
    [`${bucket}/records/*`]: 'Keys are made from the content of what is rejected; the prefix bounds them.',
    [`${bucket}/aws/lambda/*`]: 'Lambda names the failed batches itself; the prefix bounds them.',
    [`${lake}/tables/*`]: 'Iceberg names its files itself; the prefix bounds them.',
    [`${lake}/athena-results/*`]: 'Athena names results by the id of the query; the prefix bounds them.',
    [shown(stack, stack.formatArn({ service: 'glue', resource: `table/${data.lake.database}/*` }))]:
      'The tables and views of this one database, which has nothing but those of this app.',
    [`${lake}/errors/*`]: 'Firehose names what it could not deliver itself; the prefix bounds them.',
  }
  const actions = {
    'kms:GenerateDataKey*': 'With and without plaintext, on the one key of this app.',
    'kms:ReEncrypt*': 'From and to, on the one key of this app.',
  }
  for (const [kind, wildcards] of Object.entries({ Resource: resources, Action: actions })) {
    for (const [wildcard, reason] of Object.entries(wildcards)) {
      Validations.of(stack).acknowledge({ id: `AwsSolutions-IAM5[${kind}::${wildcard}]`, reason })
    }
  }
}

const joined = z.union([
  z.string(),
  z.object({
    'Fn::Join': z.tuple([z.string(), z.array(z.union([z.string(), z.object({ Ref: z.string() })]))]),
  }),
])

/** An ARN as cdk-nag names it: `arn:aws:glue:<AWS::Region>:…`, with what is known at synthesis as it is. */
function shown(stack: Stack, arn: string): string {
  const resolved = joined.parse(stack.resolve(arn))
  if (typeof resolved === 'string') return resolved
  const [separator, parts] = resolved['Fn::Join']
  return parts.map((part) => (typeof part === 'string' ? part : `<${part.Ref}>`)).join(separator)
}
