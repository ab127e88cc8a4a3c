import { ConditionalCheckFailedException, PutItemCommand } from '@aws-sdk/client-dynamodb'
import type { KinesisStreamEvent } from 'aws-lambda'
import { dynamodb, table } from './dynamodb.ts'

/** Stores each record once, under the partition that it names; `crash` ends the process of the function once. */
export async function handler({ Records }: KinesisStreamEvent) {
  let duplicates = 0
  for (const { kinesis } of Records) {
    const { pk, sk } = JSON.parse(Buffer.from(kinesis.data, 'base64').toString())
    if (!(await insert(pk, sk))) duplicates++
    else if (sk.includes('crash')) process.exit(1)
  }
  console.log(
    JSON.stringify({ _aws: { Timestamp: Date.now(), CloudWatchMetrics: [] }, duplicate: duplicates }),
  )
  return { batchItemFailures: [] }
}

async function insert(pk: string, sk: string) {
  const input = { TableName: table('TOUCHPOINTS_TABLE'), Item: { pk: { S: pk }, sk: { S: sk } } }
  try {
    await dynamodb.send(new PutItemCommand({ ...input, ConditionExpression: 'attribute_not_exists(pk)' }))
    return true
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException) return false
    throw error
  }
}
