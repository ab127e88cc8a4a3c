import { Match } from 'aws-cdk-lib/assertions'
import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { synthesize } from './synthesized.ts'

const { stateless } = synthesize()

const common = [
  'NODE_OPTIONS',
  'POWERTOOLS_LOG_LEVEL',
  'POWERTOOLS_METRICS_NAMESPACE',
  'POWERTOOLS_SERVICE_NAME',
]

const policySchema = z.object({
  Properties: z.object({
    PolicyDocument: z.object({
      Statement: z.array(
        z.object({
          Action: z.union([z.string(), z.array(z.string())]).transform((given) => [given].flat()),
          Resource: z.unknown(),
        }),
      ),
    }),
  }),
})

/** What a function may do on resources whose ARN has this in it. */
function actionsOf(name: string, resource: string) {
  const policies = Object.entries(stateless.findResources('AWS::IAM::Policy'))
  const own = policies.filter(([id]) => id.startsWith(name)).map(([, policy]) => policySchema.parse(policy))
  return own
    .flatMap(({ Properties }) => Properties.PolicyDocument.Statement)
    .filter(
      ({ Resource }) =>
        JSON.stringify(Resource).includes('omnijourney-trial-data:') &&
        JSON.stringify(Resource).includes(resource),
    )
    .flatMap(({ Action }) => Action)
}

describe('the stateless stack', () => {
  test('is as it was', () => {
    expect(stateless.toJSON()).toMatchSnapshot()
  })

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
    ['collect', 29, 512, ['TOUCHPOINTS_TABLE', 'QUARANTINE_BUCKET', 'STREAM_NAME', 'SETTINGS']],
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
      TracingConfig: { Mode: 'Active' },
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

  test('hands what checkpoints tell to notify at once', () => {
    const toldEvents = {
      eventName: ['INSERT', 'MODIFY'],
      dynamodb: { Keys: { sk: { S: ['C'] } }, NewImage: { e: { N: [{ 'anything-but': ['0'] }] } } },
    }
    stateless.hasResourceProperties('AWS::Lambda::EventSourceMapping', {
      ...delivery,
      BatchSize: 100,
      FunctionName: { Ref: Match.stringLikeRegexp('^Notify') },
      FilterCriteria: { Filters: [{ Pattern: JSON.stringify(toldEvents) }] },
    })
  })

  test('lets notify put events on the one bus, and nobody else', () => {
    const policies = Object.entries(stateless.findResources('AWS::IAM::Policy'))
    const putting = policies.flatMap(([id, policy]) =>
      policySchema
        .parse(policy)
        .Properties.PolicyDocument.Statement.filter(({ Action }) =>
          JSON.stringify(Action).includes('events:'),
        )
        .map(({ Action, Resource }) => ({ id: id.replace(/Role.*/, ''), Action, Resource })),
    )
    const Resource = { 'Fn::ImportValue': expect.stringMatching(/^omnijourney-trial-data:.*EventBus.*Arn/) }
    expect(putting).toEqual([{ id: 'Notify', Action: ['events:PutEvents'], Resource }])
  })

  test('lets notify read no table', () => {
    expect(actionsOf('Notify', 'Journeys').toSorted()).toEqual([
      'dynamodb:DescribeStream',
      'dynamodb:GetRecords',
      'dynamodb:GetShardIterator',
      'dynamodb:ListStreams',
    ])
    for (const place of ['Identity', 'Touchpoints', 'HmacSecret'])
      expect(actionsOf('Notify', place)).toEqual([])
  })

  test.each(['Touchpoints', 'Identity'])(
    'hands the stream of %s to publish, many records in one go',
    (table) => {
      stateless.hasResourceProperties('AWS::Lambda::EventSourceMapping', {
        ...delivery,
        BatchSize: 1000,
        MaximumBatchingWindowInSeconds: 30,
        FunctionName: { Ref: Match.stringLikeRegexp('^Publish') },
        EventSourceArn: { 'Fn::ImportValue': Match.stringLikeRegexp(`${table}.*StreamArn`) },
      })
    },
  )

  test('lets publish read the tables, and write nothing but rows of the lake', () => {
    const readsOnly = /^dynamodb:(BatchGet|ConditionCheck|Describe|Get|List|Query|Scan)/
    for (const table of ['Identity', 'Touchpoints', 'Journeys']) {
      expect(actionsOf('Publish', table)).toContain('dynamodb:Query')
      for (const action of actionsOf('Publish', table)) expect(action).toMatch(readsOnly)
    }
    for (const place of ['HmacSecret', 'Lake']) expect(actionsOf('Publish', place)).toEqual([])
  })

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

  test('asks every route for a signed request', () => {
    stateless.allResourcesProperties('AWS::ApiGatewayV2::Route', { AuthorizationType: 'AWS_IAM' })
    const routes = Object.values(stateless.findResources('AWS::ApiGatewayV2::Route'))
    expect(routes.map(({ Properties }) => Properties.RouteKey).sort()).toEqual([
      'DELETE /v1/identifiers/shared',
      'GET /v1/campaigns',
      'GET /v1/campaigns/{id}',
      'GET /v1/customers/{personId}',
      'GET /v1/customers/{personId}/identity',
      'GET /v1/customers/{personId}/journeys',
      'GET /v1/customers/{personId}/merges',
      'GET /v1/customers/{personId}/orders',
      'GET /v1/customers/{personId}/timeline',
      'GET /v1/insights/{kind}',
      'GET /v1/orders/{orderId+}',
      'GET /v1/quarantine',
      'GET /v1/quarantine/{id}',
      'POST /v1/customers/lookup',
      'POST /v1/customers/{personId}/merges',
      'POST /v1/customers/{personId}/merges/{mergeId}/undo',
      'POST /v1/events',
      'PUT /v1/campaigns/{id}',
      'PUT /v1/identifiers/shared',
    ])
  })

  test('writes no address and no path into the access log', () => {
    const [stage] = Object.values(stateless.findResources('AWS::ApiGatewayV2::Stage'))
    expect(stage?.Properties.AccessLogSettings.Format).not.toMatch(
      /sourceIp|identity|context\.path|userAgent/,
    )
    expect(stage?.Properties.DefaultRouteSettings).toEqual({
      ThrottlingBurstLimit: 1000,
      ThrottlingRateLimit: 500,
    })
  })

  test('gives no function more than one wildcard resource, that of X-Ray', () => {
    for (const [id, policy] of Object.entries(stateless.findResources('AWS::IAM::Policy'))) {
      if (/^(LakeStream|LakeMaintenance|AnalysisRole|SchedulerRole)/.test(id)) continue
      const { Statement } = policySchema.parse(policy).Properties.PolicyDocument
      const anywhere = Statement.filter(({ Resource }) => JSON.stringify(Resource).includes('"*"'))
      expect(anywhere.flatMap(({ Action }) => Action)).toEqual([
        'xray:PutTelemetryRecords',
        'xray:PutTraceSegments',
      ])
    }
  })

  test.each(['Customers', 'Quarantine', 'Insights'])('%s cannot write', (name) => {
    const places = ['Identity', 'Touchpoints', 'Journeys', 'Insights', 'Quarantine']
    const actions = places.flatMap((table) => actionsOf(name, table))
    expect(actions.length).toBeGreaterThan(0)
    expect(actions.filter((action) => /Put|Update|Delete|Write|PartiQL(Insert|Update)/.test(action))).toEqual(
      [],
    )
  })

  test('nobody but process and journey writes what they own', () => {
    expect(actionsOf('Process', 'Identity')).toEqual(
      expect.arrayContaining(['dynamodb:PartiQLInsert', 'dynamodb:PartiQLUpdate']),
    )
    expect(actionsOf('Journey', 'Journeys')).toEqual(
      expect.arrayContaining(['dynamodb:PartiQLInsert', 'dynamodb:PartiQLUpdate']),
    )
    for (const name of ['Journey', 'Refold']) {
      expect(actionsOf(name, 'Identity')).not.toContain('dynamodb:PutItem')
      expect(actionsOf(name, 'Touchpoints')).not.toContain('dynamodb:PutItem')
    }
    expect(actionsOf('Process', 'Journeys')).toEqual([])
    expect(actionsOf('Collect', 'Identity')).toEqual([])
    expect(actionsOf('Collect', 'HmacSecret')).toEqual([])
    expect(actionsOf('Journey', 'HmacSecret')).toEqual([])
  })

  test('synthesizes the same twice', () => {
    expect(synthesize().stateless.toJSON()).toEqual(stateless.toJSON())
  })
})
