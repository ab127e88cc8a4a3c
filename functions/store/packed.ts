import { deflateRawSync, inflateRawSync } from 'node:zlib'
import type { AttributeValue } from '@aws-sdk/client-dynamodb'

/** Above this many characters a text is stored deflated: DynamoDB counts units of 1 KB. */
const plainCharacters = 700

/** Text as text, or deflated if it is long. */
export function packedText(value: string): AttributeValue {
  return value.length > plainCharacters ? { B: deflateRawSync(value) } : { S: value }
}

export function unpackedText(attribute: AttributeValue | undefined): string {
  if (attribute?.B) return inflateRawSync(attribute.B).toString()
  if (attribute?.S === undefined) throw new Error('an item has no text where it should have one')
  return attribute.S
}
