import { Match } from 'aws-cdk-lib/assertions'
import { describe, expect, test } from 'vitest'
import { billOf } from '../../infra/cost/bill.ts'
import { asBuilt } from '../../infra/cost/load.ts'
import { profiles } from '../../infra/profiles.ts'
import { synthesize } from './synthesized.ts'

const { stateful } = synthesize()

describe('the stateful stack', () => {
  test('protects every table against loss', () => {
    const tables = Object.values(stateful.findResources('AWS::DynamoDB::GlobalTable'))
    expect(tables).toHaveLength(4)
    stateful.allResources('AWS::DynamoDB::GlobalTable', {
      DeletionPolicy: 'Retain',
      Properties: Match.objectLike({
        BillingMode: 'PAY_PER_REQUEST',
        SSESpecification: { SSEEnabled: true, SSEType: 'KMS' },
        StreamSpecification: { StreamViewType: 'NEW_AND_OLD_IMAGES' },
        Replicas: [
          Match.objectLike({
            DeletionProtectionEnabled: true,
            PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
            SSESpecification: { KMSMasterKeyId: Match.anyValue() },
          }),
        ],
      }),
    })
  })

  test('expires touchpoints of nobody and what analyses found, but never an identity or a journey', () => {
    const expiring = stateful.findResources('AWS::DynamoDB::GlobalTable', {
      Properties: { TimeToLiveSpecification: { AttributeName: 'x', Enabled: true } },
    })
    expect(Object.keys(expiring).map((id) => id.replace(/.{8}$/, ''))).toEqual(['Touchpoints', 'Insights'])
  })

  test('finds identities by node', () => {
    stateful.hasResourceProperties('AWS::DynamoDB::GlobalTable', {
      GlobalSecondaryIndexes: [
        {
          IndexName: 'byNode',
          KeySchema: [
            { AttributeName: 'n', KeyType: 'HASH' },
            { AttributeName: 'pk', KeyType: 'RANGE' },
          ],
          Projection: { ProjectionType: 'ALL' },
        },
      ],
    })
  })

  test.each(['Touchpoints', 'Journeys'])('finds orders by their number in %s', (name) => {
    const tables = Object.entries(stateful.findResources('AWS::DynamoDB::GlobalTable'))
    const [, table] = tables.find(([id]) => id.startsWith(name)) ?? []
    expect(table?.Properties.GlobalSecondaryIndexes).toMatchObject([
      {
        IndexName: 'byOrder',
        KeySchema: [{ AttributeName: 'o', KeyType: 'HASH' }],
        Projection: { ProjectionType: 'KEYS_ONLY' },
      },
    ])
  })

  test('keeps events for a week under the key of the app', () => {
    stateful.hasResource('AWS::Kinesis::Stream', {
      DeletionPolicy: 'Retain',
      Properties: {
        RetentionPeriodHours: 168,
        ShardCount: 1,
        StreamEncryption: { EncryptionType: 'KMS', KeyId: Match.anyValue() },
      },
    })
  })

  test('keeps rejected records private, for 90 days', () => {
    stateful.hasResourceProperties('AWS::S3::Bucket', {
      PublicAccessBlockConfiguration: {
        BlockPublicAcls: true,
        BlockPublicPolicy: true,
        IgnorePublicAcls: true,
        RestrictPublicBuckets: true,
      },
      LifecycleConfiguration: { Rules: [Match.objectLike({ ExpirationInDays: 90, Status: 'Enabled' })] },
      VersioningConfiguration: Match.absent(),
    })
    stateful.hasResourceProperties('AWS::S3::BucketPolicy', {
      PolicyDocument: {
        Statement: Match.arrayWith([
          Match.objectLike({ Effect: 'Deny', Condition: { Bool: { 'aws:SecureTransport': 'false' } } }),
        ]),
      },
    })
  })

  test('generates the key of the identifiers and never lets go of it', () => {
    stateful.hasResource('AWS::SecretsManager::Secret', {
      DeletionPolicy: 'Retain',
      UpdateReplacePolicy: 'Retain',
      Properties: {
        GenerateSecretString: { ExcludePunctuation: true, PasswordLength: 64 },
        KmsKeyId: Match.anyValue(),
      },
    })
  })

  test('encrypts what goes out on the event bus with the key of the app', () => {
    stateful.hasResourceProperties('AWS::Events::EventBus', {
      Name: 'omnijourney-trial',
      KmsKeyIdentifier: { 'Fn::GetAtt': [Match.stringLikeRegexp('^Key'), 'Arn'] },
    })
    const arn = {
      'Fn::Join': ['', Match.arrayWith([Match.stringLikeRegexp(':event-bus/omnijourney-trial$')])],
    }
    const events = { Effect: 'Allow', Principal: { Service: 'events.amazonaws.com' } }
    stateful.hasResourceProperties('AWS::KMS::Key', {
      KeyPolicy: {
        Statement: Match.arrayWith([
          Match.objectLike({
            ...events,
            Action: Match.arrayWith(['kms:Decrypt', 'kms:GenerateDataKey']),
            Condition: {
              StringEquals: {
                'aws:SourceAccount': { Ref: 'AWS::AccountId' },
                'aws:SourceArn': arn,
                'kms:EncryptionContext:aws:events:event-bus:arn': arn,
              },
            },
          }),
          Match.objectLike({ ...events, Action: 'kms:DescribeKey', Condition: Match.absent() }),
        ]),
      },
    })
  })

  test('names the event bus after its stage', () => {
    synthesize({ stage: 'berlin' }).stateful.hasResourceProperties('AWS::Events::EventBus', {
      Name: 'omnijourney-berlin',
    })
  })

  test('can be removed where the configuration says so', () => {
    const { stateful: removable } = synthesize({ removalPolicy: 'destroy' })
    removable.allResources('AWS::DynamoDB::GlobalTable', {
      DeletionPolicy: 'Delete',
      Properties: Match.objectLike({ Replicas: [Match.objectLike({ DeletionProtectionEnabled: false })] }),
    })
  })

  test('buys capacity for the events of its profile, and none for what is written once a night', () => {
    const { stateful: small } = synthesize({ profile: 'small' })
    const tables = Object.entries(small.findResources('AWS::DynamoDB::GlobalTable'))
    const modes = tables.map(([id, { Properties }]) => [id.replace(/.{8}$/, ''), Properties.BillingMode])
    expect(Object.fromEntries(modes)).toEqual({
      ...{ Identity: 'PROVISIONED', Touchpoints: 'PROVISIONED', Journeys: 'PROVISIONED' },
      Insights: 'PAY_PER_REQUEST',
    })
    // An event writes one touchpoint of up to 1 KB: 100 a second at 90% are 112 units, 1,000 are 1,112.
    small.hasResourceProperties('AWS::DynamoDB::GlobalTable', {
      WriteProvisionedThroughputSettings: {
        WriteCapacityAutoScalingSettings: {
          MinCapacity: 112,
          MaxCapacity: 1112,
          TargetTrackingScalingPolicyConfiguration: { TargetValue: 90 },
        },
      },
    })
    small.hasResourceProperties('AWS::Kinesis::Stream', { ShardCount: 1 })
    const bought = (text: string) =>
      [...text.matchAll(/"(?:MinCapacity|ReadCapacityUnits)":(\d+)/g)].reduce(
        (sum, [, units]) => sum + Number(units),
        0,
      )
    const demand = { eventsPerSecond: 100, scale: profiles.small, build: asBuilt }
    const hours = billOf(demand).filter(({ unit }) => unit === 'unit-hours')
    const inBill = hours.reduce((sum, { quantity }) => sum + quantity, 0) / 720
    const inTemplate = bought(JSON.stringify(tables))
    // Of each of ten capacities up to a unit is rounded up.
    expect(inTemplate - inBill).toBeGreaterThanOrEqual(0)
    expect(inTemplate - inBill).toBeLessThan(10)
    const { stateful: large } = synthesize({ profile: 'large' })
    large.hasResourceProperties('AWS::Kinesis::Stream', { StreamModeDetails: { StreamMode: 'ON_DEMAND' } })
  })
})
