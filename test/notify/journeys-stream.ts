import { PutItemCommand } from '@aws-sdk/client-dynamodb'
import type { DynamoDBRecord } from 'aws-lambda'
import type { JourneyEvent } from '../../functions/journey/journey-event.ts'
import { number, text } from '../../functions/store/dynamodb.ts'
import { packedText } from '../../functions/store/packed.ts'
import { createSimulatedDynamoDB } from '../simulation/dynamodb.ts'
import { shapes } from '../simulation/shapes.ts'

/** Checkpoints that tell these, each written at that time: what Lambda gets of them from the stream of `journeys`. */
export async function streamOf(
  writes: readonly (readonly JourneyEvent[] | 'garbled')[],
  storedAt: string,
): Promise<DynamoDBRecord[]> {
  const { journeys } = shapes
  const store = createSimulatedDynamoDB({ tables: { journeys }, now: () => Date.parse(storedAt) })
  const client = store.client('journey')
  for (const [at, told] of writes.entries()) {
    const d = told === 'garbled' ? text('{') : packedText(JSON.stringify({ told }))
    const Item = { pk: text(`P#${at}`), sk: text('C'), d, e: number(told.length) }
    await client.send(new PutItemCommand({ TableName: 'journeys', Item }))
  }
  return store.stream('journeys').read(0)
}
