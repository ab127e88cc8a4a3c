import type { AttributeValue } from '@aws-sdk/client-dynamodb'
import type { AttributeValue as StreamValue } from 'aws-lambda'
import type { Item } from './dynamodb.ts'

/** An item as the stream of its table hands it to Lambda, where bytes are in base64; of kinds of values that we store. */
export function toItem(image: Readonly<Record<string, StreamValue>>): Item {
  const item: Item = {}
  for (const [name, value] of Object.entries(image)) {
    const known = toValue(value)
    if (known) item[name] = known
  }
  return item
}

function toValue({ S, N, B, L }: StreamValue): AttributeValue | null {
  if (S !== undefined) return { S }
  if (N !== undefined) return { N }
  if (B !== undefined) return { B: Buffer.from(B, 'base64') }
  if (L !== undefined) return { L: L.flatMap((value) => toValue(value) ?? []) }
  return null
}
