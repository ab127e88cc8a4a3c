import { describe, expect, test } from 'vitest'
import { createResolver, templateSchema } from '../../../infra/local/template.ts'

const data = templateSchema.parse({
  Resources: {
    Stream0123ABCD: { Type: 'AWS::Kinesis::Stream' },
    Key0123ABCD: { Type: 'AWS::SecretsManager::Secret' },
    EventBus0123ABCD: { Type: 'AWS::Events::EventBus', Properties: { Name: 'omnijourney-trial' } },
  },
  Outputs: {
    Bus: { Value: { 'Fn::GetAtt': ['EventBus0123ABCD', 'Arn'] }, Export: { Name: 'data:bus' } },
    Name: { Value: { Ref: 'Stream0123ABCD' }, Export: { Name: 'data:stream' } },
    Arn: { Value: { 'Fn::GetAtt': ['Stream0123ABCD', 'Arn'] }, Export: { Name: { 'Fn::Sub': 'data:arn' } } },
  },
})

const resolved = (value: unknown) => {
  const code = templateSchema.parse({
    Parameters: { Given: { Type: 'String', Default: 'by default' } },
    Resources: {
      Other89ABCDEF: { Type: 'AWS::DynamoDB::GlobalTable', Properties: { TableName: 'named' } },
      Probe89ABCDEF: { Type: 'Probe', Properties: { value } },
    },
  })
  return createResolver([data, code]).resources('Probe')[0]?.properties.value
}

/** As Fn::Sub writes it. */
const variable = (name: string) => ['$', '{', name, '}'].join('')

describe('references of a template', () => {
  test.each([
    ['a parameter', { Ref: 'Given' }, 'by default'],
    ['a pseudo parameter', { Ref: 'AWS::Region' }, 'eu-central-1'],
    [
      'an output of another stack',
      { 'Fn::GetStackOutput': { StackName: 'data', OutputName: 'Name' } },
      'omnijourney-stream',
    ],
    ['a given name', { Ref: 'Other89ABCDEF' }, 'named'],
    [
      'an attribute',
      { 'Fn::GetAtt': ['Other89ABCDEF', 'StreamArn'] },
      'arn:aws:dynamodb:eu-central-1:000000000000:table/named/stream/local',
    ],
    ['a name of the other stack', { 'Fn::ImportValue': 'data:stream' }, 'omnijourney-stream'],
    [
      'an ARN of the other stack',
      { 'Fn::ImportValue': 'data:arn' },
      'arn:aws:kinesis:eu-central-1:000000000000:stream/omnijourney-stream',
    ],
    [
      'the ARN of an event bus',
      { 'Fn::ImportValue': 'data:bus' },
      'arn:aws:events:eu-central-1:000000000000:event-bus/omnijourney-trial',
    ],
    ['a join', { 'Fn::Join': ['/', ['a', { Ref: 'Given' }]] }, 'a/by default'],
    [
      'a substitution',
      {
        'Fn::Sub': [
          `${variable('x')}-${variable('Other89ABCDEF.Arn')}-${variable('!y')}`,
          { x: { Ref: 'Given' } },
        ],
      },
      `by default-arn:aws:dynamodb:eu-central-1:000000000000:table/named-${variable('y')}`,
    ],
    ['an element', { 'Fn::Select': [1, { 'Fn::Split': [':', 'a:b:c'] }] }, 'b'],
    ['something nested', { a: [{ b: { Ref: 'Given' } }] }, { a: [{ b: 'by default' }] }],
    ['a plain key that looks like one', { Ref: 'Given', other: 1 }, { Ref: 'Given', other: 1 }],
  ])('follows %s', (_, value, expected) => {
    expect(resolved(value)).toEqual(expected)
  })

  test('refers to a secret by its ARN, as CloudFormation does', () => {
    expect(createResolver([data]).resources('AWS::SecretsManager::Secret')[0]?.arn).toContain(':secret:')
  })

  test.each([
    [{ Ref: 'Nowhere' }, 'no resource Nowhere'],
    [{ 'Fn::ImportValue': 'data:other' }, 'No stack exports data:other'],
    [{ 'Fn::Cidr': [] }, 'Fn::Cidr'],
    [{ 'Fn::GetAtt': ['Other89ABCDEF', 'TableId'] }, 'attribute TableId'],
  ])('says what it cannot follow in %j', (value, problem) => {
    expect(() => resolved(value)).toThrow(problem)
  })
})
