import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { type Duration, Validations } from 'aws-cdk-lib'
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam'
import {
  ApplicationLogLevel,
  Architecture,
  Code,
  type IFunction,
  Function as LambdaFunction,
  LoggingFormat,
  Runtime,
  SystemLogLevel,
  Tracing,
} from 'aws-cdk-lib/aws-lambda'
import { Secret } from 'aws-cdk-lib/aws-secretsmanager'
import type { Construct } from 'constructs'
import type { FunctionName } from './build.ts'
import type { Config } from './config.ts'
import { createLogGroup } from './log-group.ts'
import { type Place, placesIn } from './places.ts'
import type { Stateful } from './stateful.ts'

/** What all functions are made from. */
export interface Site {
  scope: Construct
  config: Config
  data: Stateful
  /** Directory of the functions' bundles. */
  bundles: string
}

export interface FunctionOptions {
  description: string
  timeout: Duration
  /** In MB, unless the configuration says otherwise. */
  memorySize?: number
  /**
   * Whether X-Ray is told of its calls, by its default a call a second and a twentieth of all others. Streams call all the
   * time, which would cost more than the functions themselves, and no trace leads through a stream.
   */
  traced?: boolean
  /** What it finds in its environment. */
  places: Place[]
}

/** A function with a role and a log group of its own. */
export function createFunction(site: Site, name: FunctionName, options: FunctionOptions) {
  const { scope, config, bundles } = site
  const id = `${name.charAt(0).toUpperCase()}${name.slice(1)}`
  const bundle = join(bundles, name)
  if (!existsSync(bundle)) throw new Error(`functions/${name}.ts has no bundle at ${bundle}`)
  const places = placesIn(site)
  const environment = Object.fromEntries(options.places.map((place) => [place, places[place]]))
  const logGroup = createLogGroup(scope, `${id}Logs`, { ...site, name })
  // With a role of our own, Lambda's managed policy, which may write to any log group, is not attached.
  const role = new Role(scope, `${id}Role`, { assumedBy: new ServicePrincipal('lambda.amazonaws.com') })
  logGroup.grantWrite(role)
  const reservedConcurrentExecutions = config.reservedConcurrency[name]
  const handler = new LambdaFunction(scope, id, {
    functionName: functionName(config, name),
    description: options.description,
    runtime: Runtime.NODEJS_24_X,
    architecture: Architecture.ARM_64,
    code: Code.fromAsset(bundle),
    handler: 'index.handler',
    memorySize: config.memory[name] ?? options.memorySize ?? 512,
    ...(reservedConcurrentExecutions !== undefined && { reservedConcurrentExecutions }),
    timeout: options.timeout,
    ...(options.traced && { tracing: Tracing.ACTIVE }),
    loggingFormat: LoggingFormat.JSON,
    // Start, end and report of each call would be most of what is logged; the figures are metrics as well.
    systemLogLevelV2: SystemLogLevel.WARN,
    applicationLogLevelV2: ApplicationLogLevel.INFO,
    environmentEncryption: site.data.key,
    role,
    logGroup,
    environment: {
      ...environment,
      POWERTOOLS_LOG_LEVEL: 'INFO',
      POWERTOOLS_METRICS_NAMESPACE: config.prefix,
      POWERTOOLS_SERVICE_NAME: name,
    },
  })
  if (options.traced)
    Validations.of(role).acknowledge({
      id: 'AwsSolutions-IAM5[Resource::*]',
      reason: 'X-Ray knows no resources: PutTraceSegments and PutTelemetryRecords take only *.',
    })
  return handler
}

/** Who looks at its metrics and logs finds it by this name. */
export const functionName = ({ prefix }: Config, name: FunctionName): string => `${prefix}-${name}`

/** Secret.grantRead on the one in the other stack would write the role into the policy of its key, a cycle. */
export function grantSecret({ data }: Site, handler: IFunction) {
  Secret.fromSecretCompleteArn(handler, 'HmacSecret', data.hmacSecret.secretArn).grantRead(handler)
  data.key.grantDecrypt(handler)
}
