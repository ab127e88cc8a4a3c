import { PutItemCommand } from '@aws-sdk/client-dynamodb'
import type { DynamoDBStreamEvent } from 'aws-lambda'
import { dynamodb, table } from './dynamodb.ts'

/** Copies what it is told of into the journeys. */
export async function handler({ Records }: DynamoDBStreamEvent) {
  for (const { dynamodb: change, eventSourceARN } of Records) {
    const { pk, sk } = change?.Keys ?? {}
    const item = { pk: { S: pk?.S ?? '' }, sk: { S: sk?.S ?? '' }, from: { S: eventSourceARN ?? '' } }
    await dynamodb.send(new PutItemCommand({ TableName: table('JOURNEYS_TABLE'), Item: item }))
  }
}
