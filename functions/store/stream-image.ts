import type { AttributeValue as StreamValue } from 'aws-lambda'
import type { Item } from './dynamodb.ts'

/** An item as the stream of its table hands it to Lambda, where bytes are in base64; without its lists. */
export function toItem(image: Readonly<Record<string, StreamValue>>): Item {
  const item: Item = {}
  for (const [name, { S, N, B }] of Object.entries(image)) {
    if (S !== undefined) item[name] = { S }
    else if (N !== undefined) item[name] = { N }
    else if (B !== undefined) item[name] = { B: Buffer.from(B, 'base64') }
  }
  return item
}
