import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge'
import type { DynamoDBStreamEvent } from 'aws-lambda'

/** Tells of the keys that it is told of. */
export async function handler({ Records }: DynamoDBStreamEvent) {
  const Entries = Records.map(({ dynamodb }) => ({
    Source: 'stub',
    DetailType: 'Told',
    Detail: JSON.stringify({ key: dynamodb?.Keys?.pk?.S }),
    EventBusName: process.env.EVENT_BUS,
  }))
  await new EventBridgeClient({}).send(new PutEventsCommand({ Entries }))
}
