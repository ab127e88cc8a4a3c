import { ArnFormat, Aws, Duration, Stack } from 'aws-cdk-lib'
import {
  Alarm,
  ComparisonOperator,
  type IMetric,
  type MathExpression,
  type Metric,
  TreatMissingData,
} from 'aws-cdk-lib/aws-cloudwatch'
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions'
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam'
import { Topic } from 'aws-cdk-lib/aws-sns'
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions'
import type { Construct } from 'constructs'
import type { Config } from './config.ts'
import type { Stateful } from './stateful.ts'

/** What calls somebody, and what that person reads first. */
export interface Warning {
  /** Follows the prefix; RUNBOOK.md has a line of this name. */
  name: string
  /** What it means for customers and those who look at the data. */
  means: string
  first: string
  metric: Metric | MathExpression
  /** `below` also goes off when nothing is reported at all. */
  limit: { above: number } | { below: number }
  /** It has to be so for so many periods in a row. */
  periods?: { count: number; minutes: number }
}

/** Whoever subscribes is told of every alarm, of the budget, and when an alarm is over. */
export function createAlarmTopic(scope: Construct, { config, data }: { config: Config; data: Stateful }) {
  const topic = new Topic(scope, 'Alarms', {
    topicName: `${config.prefix}-alarms`,
    displayName: config.prefix,
    masterKey: data.key,
    enforceSSL: true,
  })
  // With a policy of its own, the topic no longer has the default one, by which the whole account may publish.
  for (const [service, resource] of [
    ['cloudwatch', Stack.of(scope).formatArn({ service: 'cloudwatch', resource: 'alarm', ...ofAccount })],
    ['budgets', Stack.of(scope).formatArn({ service: 'budgets', region: '', resource: '*', ...whole })],
  ] as const)
    topic.addToResourcePolicy(
      new PolicyStatement({
        principals: [new ServicePrincipal(`${service}.amazonaws.com`)],
        actions: ['sns:Publish'],
        resources: [topic.topicArn],
        conditions: {
          StringEquals: { 'aws:SourceAccount': Aws.ACCOUNT_ID },
          ArnLike: { 'aws:SourceArn': resource },
        },
      }),
    )
  if (config.alarmEmail) topic.addSubscription(new EmailSubscription(config.alarmEmail))
  return topic
}

const ofAccount = { resourceName: '*', arnFormat: ArnFormat.COLON_RESOURCE_NAME } as const
const whole = { arnFormat: ArnFormat.NO_RESOURCE_NAME } as const

export function createAlarm(scope: Construct, warning: Warning, to: { config: Config; topic: Topic }): Alarm {
  const { name, means, first, metric, limit, periods = { count: 1, minutes: 5 } } = warning
  const isFloor = 'below' in limit
  const alarm = new Alarm(scope, idOf(name), {
    alarmName: `${to.config.prefix}-${name}`,
    alarmDescription: `${means} First: ${first}`,
    metric: every(metric, Duration.minutes(periods.minutes)),
    threshold: isFloor ? limit.below : limit.above,
    evaluationPeriods: periods.count,
    comparisonOperator: isFloor
      ? ComparisonOperator.LESS_THAN_THRESHOLD
      : ComparisonOperator.GREATER_THAN_THRESHOLD,
    treatMissingData: isFloor ? TreatMissingData.BREACHING : TreatMissingData.NOT_BREACHING,
  })
  const action = new SnsAction(to.topic)
  alarm.addAlarmAction(action)
  alarm.addOkAction(action)
  return alarm
}

/** An expression hands its period on to what it is made of. */
const every = (metric: Metric | MathExpression, period: Duration): IMetric => metric.with({ period })

const idOf = (name: string): string =>
  name.replace(/(?:^|-)([a-z0-9])/g, (_, letter: string) => letter.toUpperCase())
