/** Where the template gives a resource its name. */
export const nameProperties: Record<string, string> = {
  'AWS::DynamoDB::GlobalTable': 'TableName',
  'AWS::Kinesis::Stream': 'Name',
  'AWS::S3::Bucket': 'BucketName',
  'AWS::SecretsManager::Secret': 'Name',
  'AWS::Events::EventBus': 'Name',
  'AWS::Lambda::Function': 'FunctionName',
  'AWS::Cognito::UserPoolClient': 'ClientName',
  'AWS::Cognito::UserPoolResourceServer': 'Identifier',
  'AWS::Glue::Database': 'DatabaseInput.Name',
  'AWS::Glue::Table': 'Name',
  'AWS::KinesisFirehose::DeliveryStream': 'DeliveryStreamName',
  'AWS::Athena::WorkGroup': 'Name',
  'AWS::StepFunctions::StateMachine': 'StateMachineName',
}

interface Place {
  region: string
  accountId: string
}

/** How the ARN of a resource is made from its name. */
export function arnsIn({ region, accountId }: Place): Record<string, (name: string) => string> {
  const regional = (service: string, rest: string) => `arn:aws:${service}:${region}:${accountId}:${rest}`
  return {
    'AWS::DynamoDB::GlobalTable': (name) => regional('dynamodb', `table/${name}`),
    'AWS::Kinesis::Stream': (name) => regional('kinesis', `stream/${name}`),
    'AWS::S3::Bucket': (name) => `arn:aws:s3:::${name}`,
    'AWS::SecretsManager::Secret': (name) => regional('secretsmanager', `secret:${name}-local1`),
    'AWS::Events::EventBus': (name) => regional('events', `event-bus/${name}`),
    'AWS::Lambda::Function': (name) => regional('lambda', `function:${name}`),
    'AWS::KinesisFirehose::DeliveryStream': (name) => regional('firehose', `deliverystream/${name}`),
    'AWS::Athena::WorkGroup': (name) => regional('athena', `workgroup/${name}`),
    'AWS::StepFunctions::StateMachine': (name) => regional('states', `stateMachine:${name}`),
  }
}
