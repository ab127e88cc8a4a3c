import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { type Duration, RemovalPolicy, Validations } from 'aws-cdk-lib'
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam'
import type { CfnDeliveryStream } from 'aws-cdk-lib/aws-kinesisfirehose'
import {
  Architecture,
  Code,
  type IFunction,
  Function as LambdaFunction,
  Runtime,
  Tracing,
} from 'aws-cdk-lib/aws-lambda'
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs'
import type { ISecret } from 'aws-cdk-lib/aws-secretsmanager'
import type { Construct } from 'constructs'
import type { FunctionName } from './build.ts'
import type { Config } from './config.ts'
import { type Place, placesIn } from './places.ts'
import type { Stateful } from './stateful.ts'

/** What all functions are made from. */
export interface Site {
  scope: Construct
  config: Config
  data: Stateful
  /** What takes the rows of the lake. */
  lakeStream: CfnDeliveryStream
  /** That of the data, in a form that can be granted without writing into its stack. */
  hmacSecret: ISecret
  /** Directory of the functions' bundles. */
  bundles: string
}

export interface FunctionOptions {
  description: string
  timeout: Duration
  memorySize?: number
  /** What it finds in its environment. */
  places: Place[]
}

/** A function with a role and a log group of its own. */
export function createFunction(site: Site, name: FunctionName, options: FunctionOptions) {
  const { scope, bundles } = site
  const id = `${name.charAt(0).toUpperCase()}${name.slice(1)}`
  const bundle = join(bundles, name)
  if (!existsSync(bundle)) throw new Error(`functions/${name}.ts has no bundle at ${bundle}`)
  const places = placesIn(site)
  const environment = Object.fromEntries(options.places.map((place) => [place, places[place]]))
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
      ...environment,
      NODE_OPTIONS: '--enable-source-maps',
      POWERTOOLS_LOG_LEVEL: 'INFO',
      POWERTOOLS_METRICS_NAMESPACE: 'omnijourney',
      POWERTOOLS_SERVICE_NAME: name,
    },
  })
  Validations.of(role).acknowledge({
    id: 'AwsSolutions-IAM5[Resource::*]',
    reason: 'X-Ray knows no resources: PutTraceSegments and PutTelemetryRecords take only *.',
  })
  return handler
}

/** Secret.grantRead on the one in the other stack would write the role into the policy of its key, a cycle. */
export function grantSecret({ data, hmacSecret }: Site, handler: IFunction) {
  hmacSecret.grantRead(handler)
  data.key.grantDecrypt(handler)
}
