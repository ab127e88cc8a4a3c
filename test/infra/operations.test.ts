import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Match } from 'aws-cdk-lib/assertions'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { functionNames } from '../../infra/build.ts'
import { synthesize } from './synthesized.ts'
import { alarmsIn, dashboardIn, idsIn, type Named } from './watched-metrics.ts'

const { stateless, operations } = synthesize()
const small = synthesize({ profile: 'small', monthlyBudget: 400, alarmEmail: 'ops@example.org' }).operations
const alarms = alarmsIn(operations)
const dashboard = dashboardIn(operations)
const runbook = readFileSync(join(import.meta.dirname, '..', '..', 'RUNBOOK.md'), 'utf8')

/** Of AWS's metrics those that its guides list under these namespaces and dimensions. */
const listed: Record<string, string[]> = {
  'AWS/Lambda FunctionName': [
    'IteratorAge',
    'Errors',
    'Throttles',
    'Invocations',
    'Duration',
    'AsyncEventsDropped',
  ],
  'AWS/Lambda EventSourceMappingUUID': ['OnFailureDestinationDeliveredEventCount', 'DroppedEventCount'],
  'AWS/Kinesis StreamName': [
    'IncomingRecords',
    'IncomingBytes',
    'GetRecords.Bytes',
    'WriteProvisionedThroughputExceeded',
  ],
  'AWS/DynamoDB TableName': ['ReadThrottleEvents', 'WriteThrottleEvents', ...units()],
  'AWS/DynamoDB GlobalSecondaryIndexName,TableName': [
    'ReadThrottleEvents',
    'WriteThrottleEvents',
    ...units(),
  ],
  'AWS/Firehose DeliveryStreamName': [
    'IncomingBytes',
    'DeliveryToIceberg.FailedRowCount',
    'DeliveryToIceberg.DataFreshness',
  ],
  'AWS/ApiGateway ApiId': ['Count', '4xx', '5xx', 'Latency'],
  'AWS/Athena WorkGroup': ['ProcessedBytes'],
  'AWS/States StateMachineArn': ['ExecutionsFailed'],
  'AWS/Events RuleName': ['FailedInvocations'],
  'AWS/Scheduler ScheduleGroup': ['InvocationDroppedCount'],
  'AWS/Logs LogGroupName': ['IncomingBytes'],
}

function units(): string[] {
  return ['Consumed', 'Provisioned'].flatMap((what) =>
    ['Read', 'Write'].map((kind) => `${what}${kind}CapacityUnits`),
  )
}

const place = ({ namespace, dimensions }: Named) => `${namespace} ${Object.keys(dimensions).sort().join(',')}`
const ofAws = (metrics: readonly Named[]) => metrics.filter(({ namespace }) => namespace.startsWith('AWS/'))

describe.each(alarms.map((alarm) => [alarm.AlarmName, alarm] as const))('the alarm %s', (name, alarm) => {
  it('says in a sentence what it means, and in another what to do first', () => {
    const [means = '', first = ''] = alarm.AlarmDescription.split(' First: ')
    expect(means).toMatch(/^[A-Z].{40,}\.$/)
    expect(first).toMatch(/^.{20,}\.$/)
    // CloudWatch takes so many characters (API Reference, PutMetricAlarm).
    expect(alarm.AlarmDescription.length).toBeLessThanOrEqual(1024)
  })

  it('tells the topic when it goes off and when it is over', () => {
    const [topic] = Object.keys(operations.findResources('AWS::SNS::Topic'))
    expect(alarm.AlarmActions).toEqual([{ Ref: topic }])
    expect(alarm.OKActions).toEqual([{ Ref: topic }])
  })

  it('has a name that the runbook explains', () => {
    expect(name).toMatch(/^omnijourney-trial-[a-z-]+$/)
    expect(runbook).toContain(`\`${name.replace('omnijourney-trial-', '')}\``)
  })

  it('computes with at most ten metrics, all of which are there', () => {
    expect(alarm.metrics.length).toBeGreaterThan(0)
    expect(alarm.metrics.length).toBeLessThanOrEqual(10)
    const ids = new Set(alarm.Metrics.map(({ Id }) => Id))
    for (const { Expression = '' } of alarm.Metrics)
      for (const id of idsIn(Expression)) expect(ids).toContain(id)
  })
})

describe('what is watched', () => {
  it.each([
    ['alarms', alarms.flatMap(({ metrics }) => metrics)],
    ['the dashboard', dashboard.metrics],
    ['the dashboard of provisioned tables', dashboardIn(small).metrics],
  ])('%s: metrics that AWS publishes', (_, metrics) => {
    expect(ofAws(metrics).length).toBeGreaterThan(30)
    for (const metric of ofAws(metrics)) expect(listed[place(metric)], place(metric)).toContain(metric.name)
  })

  it('are functions that there are', () => {
    const names = new Set(functionNames.map((name) => `omnijourney-trial-${name}`))
    const watched = [...alarms.flatMap(({ metrics }) => metrics), ...dashboard.metrics]
    for (const { FunctionName } of watched.map(({ dimensions }) => dimensions))
      if (FunctionName !== undefined) expect(names).toContain(FunctionName)
    // What each costs is on the dashboard.
    const shown = new Set(
      dashboard.metrics.flatMap(({ name, dimensions }) =>
        name === 'Duration' ? (dimensions.FunctionName ?? []) : [],
      ),
    )
    expect(shown).toEqual(names)
  })

  it('is every event source that may give up, and each counts what it gives up', () => {
    const mappings = stateless.findResources('AWS::Lambda::EventSourceMapping')
    expect(Object.keys(mappings)).toHaveLength(8)
    for (const { Properties } of Object.values(mappings))
      expect(Properties).toMatchObject({ MetricsConfig: { Metrics: ['EventCount'] } })
    const outputs = z.record(z.string(), z.object({ Value: z.unknown() })).parse(stateless.findOutputs('*'))
    const watched = alarms
      .flatMap(({ metrics }) => metrics)
      .flatMap(({ dimensions }) => dimensions.EventSourceMappingUUID ?? [])
      .map((uuid) => outputs[uuid.slice(1, -1)]?.Value)
    for (const id of Object.keys(mappings))
      expect(watched.filter((value) => Match.exact({ Ref: id }).test(value).isSuccess)).toHaveLength(2)
  })
})

describe('the dashboard', () => {
  it('is one screen that says how to read it', () => {
    expect(dashboard.name).toBe('omnijourney-trial')
    const rows = new Set(dashboard.widgets.map(({ y }) => y))
    expect(rows.size).toBeLessThanOrEqual(6)
    expect(Math.max(...dashboard.widgets.map(({ y, height }) => y + height))).toBeLessThanOrEqual(26)
    const [text] = dashboard.widgets
    expect(text?.properties.markdown).toMatch(/RUNBOOK\.md.*Logs Insights.*list prices of us-east-1/s)
  })

  it.each([
    ['on demand', operations],
    ['provisioned', small],
  ])('computes with what it has, %s', (_, template) => {
    for (const { ids, expressions } of dashboardIn(template).expressions)
      for (const expression of expressions) expect(ids).toEqual(expect.arrayContaining(idsIn(expression)))
  })

  it('multiplies by list prices, which are written without exponents', () => {
    const all = dashboard.expressions.flatMap(({ expressions }) => expressions).join('\n')
    // A million writes for $0.625, a GB of rows for $0.075.
    expect(all).toMatch(/\* 0\.000000625[,\]]/)
    expect(all).toMatch(/\* 0\.000000000075$/m)
    expect(all).not.toMatch(/\de-\d/)
  })
})

describe('who is told', () => {
  it('is told under the key of the deployment and over TLS only', () => {
    operations.hasResourceProperties('AWS::SNS::Topic', {
      TopicName: 'omnijourney-trial-alarms',
      KmsMasterKeyId: Match.anyValue(),
    })
    const denied = { Effect: 'Deny', Condition: { Bool: { 'aws:SecureTransport': 'false' } } }
    const by = (service: string) =>
      Match.objectLike({
        Effect: 'Allow',
        Principal: { Service: `${service}.amazonaws.com` },
        Condition: Match.objectLike({ StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } } }),
      })
    operations.hasResourceProperties('AWS::SNS::TopicPolicy', {
      PolicyDocument: Match.objectLike({
        Statement: Match.arrayWith([Match.objectLike(denied), by('cloudwatch'), by('budgets')]),
      }),
    })
  })

  it('is an address and a budget, if they are configured', () => {
    operations.resourceCountIs('AWS::SNS::Subscription', 0)
    operations.resourceCountIs('AWS::Budgets::Budget', 0)
    small.hasResourceProperties('AWS::SNS::Subscription', { Protocol: 'email', Endpoint: 'ops@example.org' })
    small.hasResourceProperties('AWS::Budgets::Budget', {
      Budget: {
        BudgetLimit: { Amount: 400, Unit: 'USD' },
        CostFilters: { TagKeyValue: ['user:application$omnijourney-trial'] },
        TimeUnit: 'MONTHLY',
      },
      NotificationsWithSubscribers: [
        Match.objectLike({ Notification: Match.objectLike({ NotificationType: 'ACTUAL', Threshold: 80 }) }),
        Match.objectLike({
          Notification: Match.objectLike({ NotificationType: 'FORECASTED', Threshold: 100 }),
        }),
      ],
    })
  })
})
