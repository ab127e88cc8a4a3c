import type { DynamoDBRecord, AttributeValue as StreamValue } from 'aws-lambda'
import type { Item } from '../store/dynamodb.ts'
import { parseTouchpoint } from '../store/touchpoints.ts'
import type { NodeNews } from './keep.ts'
import { type Touch, toTouch } from './touch.ts'

/** What records of the streams of `identity` and `touchpoints` say about nodes, each node once. */
export function readNews(records: readonly DynamoDBRecord[]): NodeNews[] {
  const news = new Map<string, Touch[]>()
  for (const { dynamodb } of records) {
    const after = dynamodb?.NewImage && toItem(dynamodb.NewImage)
    const before = dynamodb?.OldImage && toItem(dynamodb.OldImage)
    const nodeId = after?.pk?.S?.slice('N#'.length)
    if (!after || nodeId === undefined) continue
    const touches = news.get(nodeId) ?? []
    if (after.sk?.S?.startsWith('T#')) news.set(nodeId, [...touches, toTouch(parseTouchpoint(after))])
    else if (before && personChanged(nodeId, before, after)) news.set(nodeId, touches)
  }
  return [...news].map(([nodeId, touches]) => ({ nodeId, touches }))
}

/** Whether a node that is or was the root of a person has other nodes beside it now. */
function personChanged(nodeId: string, before: Item, after: Item): boolean {
  const wasOrIsRoot = before.r?.S === nodeId || after.r?.S === nodeId
  return wasOrIsRoot && (before.r?.S !== after.r?.S || before.h?.N !== after.h?.N)
}

/** Lambda hands binary values over as base64. */
function toItem(image: Readonly<Record<string, StreamValue>>): Item {
  const item: Item = {}
  for (const [name, { S, N, B }] of Object.entries(image)) {
    if (S !== undefined) item[name] = { S }
    else if (N !== undefined) item[name] = { N }
    else if (B !== undefined) item[name] = { B: Buffer.from(B, 'base64') }
  }
  return item
}
