import { PutItemCommand, QueryCommand } from '@aws-sdk/client-dynamodb'
import { expect, test } from 'vitest'
import { createAwsCall } from '../../../infra/local/aws-json.ts'
import { provision } from '../../../infra/local/provision.ts'
import { hasDynoxide, startDynoxide } from '../../simulation/dynoxide.ts'

test.skipIf(!hasDynoxide)('a table of an older state gets the index that came later', async () => {
  const { client, settings, stop } = await startDynoxide()
  try {
    const target = 'DynamoDB_20120810'
    const call = createAwsCall({ endpoint: settings.endpoint, target, jsonVersion: '1.0' })
    const attribute = (AttributeName: string) => ({ AttributeName, AttributeType: 'S' })
    const keyed = (AttributeName: string) => [{ AttributeName, KeyType: 'HASH' as const }]
    const before = { AttributeDefinitions: [attribute('pk')], KeySchema: keyed('pk') }
    const index = {
      IndexName: 'byOrder',
      KeySchema: keyed('o'),
      Projection: { ProjectionType: 'KEYS_ONLY' },
    }
    const after = {
      ...before,
      AttributeDefinitions: [attribute('pk'), attribute('o')],
      GlobalSecondaryIndexes: [index],
    }
    const start = (properties: typeof before | typeof after) => {
      const table = { id: 'orders', logicalId: 'Orders', name: 'orders', arn: 'arn', properties }
      const ports = { kinesis: call, tables: call, s3Endpoint: '' }
      return provision({ tables: [table], streams: [], buckets: [] }, ports)
    }
    await start(before)
    await client.send(new PutItemCommand({ TableName: 'orders', Item: { pk: { S: 'a' }, o: { S: 'R-1' } } }))
    for (let times = 0; times < 2; times++) await start(after)
    const query = { TableName: 'orders', IndexName: 'byOrder', KeyConditionExpression: 'o = :order' }
    const { Items } = await client.send(
      new QueryCommand({ ...query, ExpressionAttributeValues: { ':order': { S: 'R-1' } } }),
    )
    expect(Items).toEqual([{ pk: { S: 'a' }, o: { S: 'R-1' } }])
  } finally {
    await stop()
  }
})
