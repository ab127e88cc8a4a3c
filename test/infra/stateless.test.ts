import { Match } from 'aws-cdk-lib/assertions'
import { describe, expect, test } from 'vitest'
import { synthesize } from './synthesized.ts'

const { stateless } = synthesize()

const common = ['POWERTOOLS_LOG_LEVEL', 'POWERTOOLS_METRICS_NAMESPACE', 'POWERTOOLS_SERVICE_NAME']

describe('the stateless stack', () => {
  test('passes the rules of AWS Solutions with what is acknowledged', () => {
    expect(() => synthesize({}, { checked: true })).not.toThrow()
  })

  test.each([
    [
      'process',
      60,
      1024,
      ['IDENTITY_TABLE', 'TOUCHPOINTS_TABLE', 'QUARANTINE_BUCKET', 'HMAC_SECRET_ARN', 'SETTINGS'],
    ],
    ['journey', 300, 512, ['IDENTITY_TABLE', 'TOUCHPOINTS_TABLE', 'JOURNEYS_TABLE', 'SETTINGS']],
    [
      'publish',
      60,
      512,
      ['LAKE_STREAM', 'IDENTITY_TABLE', 'TOUCHPOINTS_TABLE', 'JOURNEYS_TABLE', 'SETTINGS'],
    ],
    ['refold', 900, 1024, ['IDENTITY_TABLE', 'TOUCHPOINTS_TABLE', 'JOURNEYS_TABLE', 'SETTINGS']],
    ['timers', 300, 512, ['IDENTITY_TABLE', 'TOUCHPOINTS_TABLE', 'JOURNEYS_TABLE', 'SETTINGS']],
    ['notify', 60, 512, ['EVENT_BUS']],
    [
      'customers',
      29,
      512,
      [
        ...['IDENTITY_TABLE', 'TOUCHPOINTS_TABLE', 'JOURNEYS_TABLE', 'INSIGHTS_TABLE'],
        ...['HMAC_SECRET_ARN', 'SETTINGS'],
      ],
    ],
    ['campaigns', 29, 512, ['INSIGHTS_TABLE']],
    ['insights', 29, 512, ['INSIGHTS_TABLE', 'LAKE_DATABASE', 'LAKE_WORK_GROUP']],
    ['quarantine', 29, 512, ['TOUCHPOINTS_TABLE', 'QUARANTINE_BUCKET']],
    [
      'collect',
      29,
      512,
      ['TOUCHPOINTS_TABLE', 'QUARANTINE_BUCKET', 'STREAM_NAME', 'ISSUER', 'AUDIENCES', 'SETTINGS'],
    ],
  ])('%s knows only the places that it needs', (name, timeout, memory, places) => {
    const [found] = Object.values(
      stateless.findResources('AWS::Lambda::Function', {
        Properties: { Environment: { Variables: { POWERTOOLS_SERVICE_NAME: name } } },
      }),
    )
    expect(found?.Properties).toMatchObject({
      Runtime: 'nodejs24.x',
      Architectures: ['arm64'],
      Timeout: timeout,
      MemorySize: memory,
      LoggingConfig: { LogFormat: 'JSON', SystemLogLevel: 'WARN' },
      KmsKeyArn: expect.anything(),
    })
    expect(Object.keys(found?.Properties.Environment.Variables).sort()).toEqual([...common, ...places].sort())
  })

  const delivery = {
    BatchSize: 500,
    BisectBatchOnFunctionError: true,
    DestinationConfig: { OnFailure: { Destination: Match.anyValue() } },
    FunctionResponseTypes: ['ReportBatchItemFailures'],
    MaximumBatchingWindowInSeconds: 0,
    MaximumRetryAttempts: -1,
    StartingPosition: 'TRIM_HORIZON',
  }

  test('hands events to process in order and retries them without limit', () => {
    stateless.hasResourceProperties('AWS::Lambda::EventSourceMapping', {
      ...delivery,
      BatchSize: 100,
      ParallelizationFactor: 1,
    })
  })

  test.each([
    { eventName: ['INSERT'], dynamodb: { Keys: { pk: { S: [{ prefix: 'N#' }] } } } },
    { eventName: ['MODIFY'], dynamodb: { Keys: { pk: { S: [{ prefix: 'N#' }] }, sk: { S: ['N'] } } } },
  ])('hands %j to journey', (pattern) => {
    stateless.hasResourceProperties('AWS::Lambda::EventSourceMapping', {
      ...delivery,
      FilterCriteria: { Filters: [{ Pattern: JSON.stringify(pattern) }] },
    })
  })

  test('hands what checkpoints tell to notify within a second', () => {
    const toldEvents = {
      eventName: ['INSERT', 'MODIFY'],
      dynamodb: { Keys: { sk: { S: ['C'] } }, NewImage: { e: { N: [{ 'anything-but': ['0'] }] } } },
    }
    stateless.hasResourceProperties('AWS::Lambda::EventSourceMapping', {
      ...delivery,
      BatchSize: 100,
      MaximumBatchingWindowInSeconds: 1,
      FunctionName: { Ref: Match.stringLikeRegexp('^Notify') },
      FilterCriteria: { Filters: [{ Pattern: JSON.stringify(toldEvents) }] },
    })
  })

  test.each(['Touchpoints', 'Identity'])(
    'hands the stream of %s to publish, many records in one go',
    (table) => {
      stateless.hasResourceProperties('AWS::Lambda::EventSourceMapping', {
        ...delivery,
        BatchSize: 10_000,
        MaximumBatchingWindowInSeconds: 30,
        FunctionName: { Ref: Match.stringLikeRegexp('^Publish') },
        EventSourceArn: { 'Fn::ImportValue': Match.stringLikeRegexp(`${table}.*StreamArn`) },
      })
    },
  )

  test('looks every minute who has gone quiet', () => {
    stateless.hasResourceProperties('AWS::Events::Rule', {
      ScheduleExpression: 'rate(1 minute)',
      Targets: [{ Arn: { 'Fn::GetAtt': [Match.stringLikeRegexp('^Timers'), 'Arn'] } }],
    })
  })

  test('calls refold when what a deployment has replaced must have ended', () => {
    stateless.hasResourceProperties('AWS::Events::Rule', {
      ScheduleExpression: 'rate(15 minutes)',
      Targets: [{ Arn: { 'Fn::GetAtt': [Match.stringLikeRegexp('^Refold'), 'Arn'] } }],
    })
  })

  test('writes no address and no path into the access log', () => {
    const [stage] = Object.values(stateless.findResources('AWS::ApiGatewayV2::Stage'))
    expect(stage?.Properties.AccessLogSettings.Format).not.toMatch(
      /sourceIp|identity|context\.path|userAgent/,
    )
  })

  test('synthesizes the same twice', () => {
    expect(synthesize().stateless.toJSON()).toEqual(stateless.toJSON())
  })
})
