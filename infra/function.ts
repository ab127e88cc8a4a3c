import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { type Duration, RemovalPolicy, Validations } from 'aws-cdk-lib'
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam'
import { Architecture, Code, Function as LambdaFunction, Runtime, Tracing } from 'aws-cdk-lib/aws-lambda'
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs'
import type { Construct } from 'constructs'
import type { FunctionName } from './build.ts'

export interface FunctionOptions {
  name: FunctionName
  description: string
  timeout: Duration
  memorySize?: number
  environment: Record<string, string>
  /** Directory of the functions' bundles. */
  bundles: string
}

/** A function with a role and a log group of its own. */
export function createFunction(scope: Construct, options: FunctionOptions) {
  const id = `${options.name.charAt(0).toUpperCase()}${options.name.slice(1)}`
  const bundle = join(options.bundles, options.name)
  if (!existsSync(bundle)) throw new Error(`functions/${options.name}.ts has no bundle at ${bundle}`)
  const logGroup = new LogGroup(scope, `${id}Logs`, {
    retention: RetentionDays.ONE_MONTH,
    removalPolicy: RemovalPolicy.DESTROY,
  })
  // With a role of our own, Lambda's managed policy, which may write to any log group, is not attached.
  const role = new Role(scope, `${id}Role`, { assumedBy: new ServicePrincipal('lambda.amazonaws.com') })
  logGroup.grantWrite(role)
  const handler = new LambdaFunction(scope, id, {
    description: options.description,
    runtime: Runtime.NODEJS_24_X,
    architecture: Architecture.ARM_64,
    code: Code.fromAsset(bundle),
    handler: 'index.handler',
    memorySize: options.memorySize ?? 512,
    timeout: options.timeout,
    tracing: Tracing.ACTIVE,
    role,
    logGroup,
    environment: {
      ...options.environment,
      NODE_OPTIONS: '--enable-source-maps',
      POWERTOOLS_LOG_LEVEL: 'INFO',
      POWERTOOLS_METRICS_NAMESPACE: 'omnijourney',
      POWERTOOLS_SERVICE_NAME: options.name,
    },
  })
  Validations.of(role).acknowledge({
    id: 'AwsSolutions-IAM5[Resource::*]',
    reason: 'X-Ray knows no resources: PutTraceSegments and PutTelemetryRecords take only *.',
  })
  return handler
}
