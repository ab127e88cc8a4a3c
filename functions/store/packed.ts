import { deflateRawSync, inflateRawSync } from 'node:zlib'
import type { AttributeValue } from '@aws-sdk/client-dynamodb'
import { dictionary1 } from './dictionary.ts'

/** Above this many characters a text is stored deflated: DynamoDB counts units of 1 KB. */
const plainCharacters = 700

/** Before what is packed stands the number of the dictionary that it was packed with. */
const dictionaries = new Map([[1, dictionary1]])
const newest = 1

/** Text as text, or deflated if it is long. */
export function packedText(value: string): AttributeValue {
  if (value.length <= plainCharacters) return { S: value }
  return { B: Buffer.concat([Buffer.of(newest), deflateRawSync(value, { dictionary: dictionary1 })]) }
}

export function unpackedText(attribute: AttributeValue | undefined): string {
  if (attribute?.B) {
    const [number = 0] = attribute.B
    const dictionary = dictionaries.get(number)
    if (!dictionary) throw new Error(`a text was packed with dictionary ${number}, which is not known here`)
    return inflateRawSync(attribute.B.subarray(1), { dictionary }).toString()
  }
  if (attribute?.S === undefined) throw new Error('an item has no text where it should have one')
  return attribute.S
}
