import type { FunctionName } from '../../infra/build.ts'

/** The source of a function that only creates the clients which another one has at hand when it starts. */
export function onlyClients(name: FunctionName): string {
  const clients = clientsOf[name]
  return [
    ...clients.map((client) => `import { ${client}Client } from '@aws-sdk/client-${packages[client]}'`),
    "import { NodeHttpHandler } from '@smithy/node-http-handler'",
    'const requestHandler = () => new NodeHttpHandler({ connectionTimeout: 2000, requestTimeout: 10000 })',
    `const clients = [${clients.map((client) => `new ${client}Client({ requestHandler: requestHandler() })`)}]`,
    'export const handler = async () => clients.length',
  ].join('\n')
}

const packages = {
  Athena: 'athena',
  DynamoDB: 'dynamodb',
  EventBridge: 'eventbridge',
  Firehose: 'firehose',
  Kinesis: 'kinesis',
  SecretsManager: 'secrets-manager',
} as const

/** Without that for S3, which waits for the first record that is quarantined. */
const clientsOf: Record<FunctionName, readonly (keyof typeof packages)[]> = {
  collect: ['Kinesis', 'DynamoDB'],
  process: ['DynamoDB', 'SecretsManager'],
  journey: ['DynamoDB'],
  publish: ['DynamoDB', 'Firehose'],
  refold: ['DynamoDB'],
  timers: ['DynamoDB'],
  notify: ['EventBridge'],
  customers: ['DynamoDB', 'SecretsManager'],
  operations: ['DynamoDB', 'SecretsManager'],
  quarantine: ['DynamoDB'],
  campaigns: ['DynamoDB'],
  analyse: ['Athena'],
  refresh: ['Athena', 'DynamoDB'],
  insights: ['Athena', 'DynamoDB'],
}
