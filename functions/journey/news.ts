import type { DynamoDBRecord } from 'aws-lambda'
import { type Item, numberOf, textOf } from '../store/dynamodb.ts'
import { toItem } from '../store/stream-image.ts'
import { parseTouchpoint } from '../store/touchpoints.ts'
import type { NodeNews } from './keep.ts'
import type { Move } from './telling.ts'
import { type Touch, toTouch } from './touch.ts'

/** What records of the streams of `identity` and `touchpoints` say about nodes, each node once. */
export function readNews(records: readonly DynamoDBRecord[]): NodeNews[] {
  const news = new Map<string, { touches: Touch[]; moves: Move[] }>()
  for (const { dynamodb } of records) {
    const after = dynamodb?.NewImage && toItem(dynamodb.NewImage)
    const before = dynamodb?.OldImage && toItem(dynamodb.OldImage)
    const nodeId = after?.pk?.S?.slice('N#'.length)
    if (!after || nodeId === undefined) continue
    const { touches, moves } = news.get(nodeId) ?? { touches: [], moves: [] }
    if (after.sk?.S?.startsWith('T#')) {
      news.set(nodeId, { touches: [...touches, toTouch(parseTouchpoint(after))], moves })
    } else if (before && personChanged(nodeId, before, after)) {
      const at = new Date((dynamodb.ApproximateCreationDateTime ?? 0) * 1000).toISOString()
      news.set(nodeId, { touches, moves: [...moves, ...moveOf(before, after, at)] })
    }
  }
  return [...news].map(([nodeId, heard]) => ({ nodeId, ...heard }))
}

/** Whether a node that is or was the root of a person has other nodes beside it now. */
function personChanged(nodeId: string, before: Item, after: Item): boolean {
  const wasOrIsRoot = before.r?.S === nodeId || after.r?.S === nodeId
  return wasOrIsRoot && (before.r?.S !== after.r?.S || before.h?.N !== after.h?.N)
}

function moveOf(before: Item, after: Item, at: string): Move[] {
  const [from, to] = [textOf(before, 'r'), textOf(after, 'r')]
  return from === to ? [] : [{ from, to, version: numberOf(after, 'v'), at }]
}
