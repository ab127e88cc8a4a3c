import { Duration } from 'aws-cdk-lib'
import { HttpApi } from 'aws-cdk-lib/aws-apigatewayv2'
import { MathExpression, Metric } from 'aws-cdk-lib/aws-cloudwatch'
import type { TableV2 } from 'aws-cdk-lib/aws-dynamodb'
import { Rule } from 'aws-cdk-lib/aws-events'
import { EventSourceMapping } from 'aws-cdk-lib/aws-lambda'
import type { AnalysisStack } from './analysis-stack.ts'
import type { FunctionName } from './build.ts'
import type { Config } from './config.ts'
import { functionName } from './function.ts'
import { lakeStreamName } from './lake-delivery.ts'
import type { Stateful } from './stateful.ts'
import type { Stateless } from './stateless.ts'

/** All that is watched. */
export interface Watched {
  config: Config
  data: Stateful
  analysis: AnalysisStack
  functions: Stateless
}

/** Functions publish their own metrics under it, so that two stages in one account are told apart. */
const metricsNamespace = ({ prefix }: Config): string => prefix

export const sum = 'Sum'
export const maximum = 'Maximum'

type Dimensions = Record<string, string>

/** The metrics of a deployment, by where they come from. */
export function createMetrics({ config, data, functions, analysis }: Watched) {
  const named = (namespace: string, dimensionsMap: Dimensions) => (metricName: string, statistic: string) =>
    new Metric({ namespace, metricName, dimensionsMap, statistic, period: Duration.minutes(5) })
  const found = functions.node.findAll()
  const [api] = found.filter((one) => one instanceof HttpApi)
  if (!api) throw new Error('There is no API')
  return {
    ofFunction: (name: FunctionName) => named('AWS/Lambda', { FunctionName: functionName(config, name) }),
    /** What its code counts; of what is quarantined also by its reason. */
    ofCode: (service: FunctionName, reason?: string) =>
      named(metricsNamespace(config), { service, ...(reason !== undefined && { reason }) }),
    ofStream: named('AWS/Kinesis', { StreamName: data.stream.streamName }),
    ofTable: ({ tableName }: TableV2, index?: string) =>
      named('AWS/DynamoDB', {
        TableName: tableName,
        ...(index !== undefined && { GlobalSecondaryIndexName: index }),
      }),
    ofDelivery: named('AWS/Firehose', { DeliveryStreamName: lakeStreamName(config) }),
    ofApi: named('AWS/ApiGateway', { ApiId: api.apiId }),
    ofQueries: named('AWS/Athena', { WorkGroup: config.prefix }),
    ofAnalysis: named('AWS/States', { StateMachineArn: analysis.analysis.stateMachineArn }),
    ofMaintenance: named('AWS/States', { StateMachineArn: analysis.maintenance.stateMachineArn }),
    /** Of those of the nights. */
    ofSchedules: named('AWS/Scheduler', { ScheduleGroup: config.prefix }),
    /** Of the event sources of a function, each. */
    ofSources: (name: FunctionName) =>
      found
        .filter((one) => one instanceof EventSourceMapping)
        .filter(({ node }) => node.scope?.node.id.toLowerCase() === name)
        .map(({ eventSourceMappingId }) =>
          named('AWS/Lambda', { EventSourceMappingUUID: eventSourceMappingId }),
        ),
    ofRules: found
      .filter((one) => one instanceof Rule)
      .map(({ ruleName }) => named('AWS/Events', { RuleName: ruleName })),
  }
}

export type Metrics = ReturnType<typeof createMetrics>

/** The sum of some; where one has no value it counts as nothing. */
export function total(metrics: readonly Metric[], label: string): MathExpression {
  const usingMetrics = Object.fromEntries(metrics.map((metric, index) => [idIn(label, index), metric]))
  const filled = Object.keys(usingMetrics).map((id) => `FILL(${id}, 0)`)
  return new MathExpression({
    expression: `SUM([${filled.join(', ')}])`,
    usingMetrics,
    label,
    period: Duration.minutes(5),
  })
}

/** An id of an expression: those of one graph must differ. */
export const idIn = (label: string, index: number | string = ''): string =>
  `${label.toLowerCase().replace(/[^a-z]/g, '')}${index}`

/** Functions that nobody waits for: what they fail at is tried again. */
export const behindStreams = [
  'process',
  'journey',
  'publish',
  'notify',
  'timers',
  'refold',
] as const satisfies FunctionName[]

/** Tables and their indexes, each of which has metrics of its own. */
export const capacities = (data: Stateful): readonly [TableV2, string?][] => [
  [data.identity],
  [data.identity, 'byNode'],
  [data.touchpoints],
  [data.touchpoints, 'byOrder'],
  [data.journeys],
  [data.journeys, 'byOrder'],
  [data.insights],
]
