import { RemovalPolicy } from 'aws-cdk-lib'
import { LogGroup } from 'aws-cdk-lib/aws-logs'
import type { Construct } from 'constructs'
import type { Config } from './config.ts'
import type { Stateful } from './stateful.ts'

interface Log {
  config: Config
  data: Stateful
  /** What writes it. */
  name: string
  /** Whether AWS delivers it: such a name keeps the policy short that this takes (CloudWatch Logs, "Vended logs"). */
  vended?: boolean
}

/** A log under the key of the app, found by the name of who writes it. It goes with its stack. */
export function createLogGroup(scope: Construct, id: string, { config, data, name, vended = false }: Log) {
  return new LogGroup(scope, id, {
    logGroupName: `${vended ? '/aws/vendedlogs' : ''}/${config.prefix}/${name}`,
    retention: config.logDays,
    encryptionKey: data.key,
    removalPolicy: RemovalPolicy.DESTROY,
  })
}
