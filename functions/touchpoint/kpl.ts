import { createHash } from 'node:crypto'

const magic = Uint8Array.of(0xf3, 0x89, 0x9a, 0xc2)
const checksumBytes = 16
/** Numbers of the fields in AggregatedRecord and in Record, and of what goes before each. */
const recordsField = 3
const keyIndexField = 1
const dataField = 3
const wireTypes = { varint: 0, eightBytes: 1, delimited: 2, fourBytes: 5 } as const

/** Whether bytes begin like a record that the Kinesis Producer Library has put together of several. */
export function isAggregated(data: Uint8Array): boolean {
  return magic.every((byte, index) => data[index] === byte)
}

/**
 * The records inside an aggregated one, in order; null if its checksum or structure is wrong. The format is that of
 * aggregation-format.md in awslabs/amazon-kinesis-producer: Protocol Buffers between the magic number and an MD5. Of
 * these it needs little; the library for it would be a sixth of the bundle.
 */
export function deaggregate(data: Uint8Array): Uint8Array[] | null {
  if (data.length < magic.length + checksumBytes) return null
  const message = data.subarray(magic.length, -checksumBytes)
  const checksum = createHash('md5').update(message).digest()
  if (!checksum.equals(data.subarray(-checksumBytes))) return null
  const records = fieldsOf(message)?.filter(({ number }) => number === recordsField)
  const inner = records?.map(({ content }) => dataOf(content))
  return inner?.every((one) => one !== null) ? inner : null
}

/** Its index of a partition key says nothing to us, but without one it is no record. */
function dataOf(record: Uint8Array | null): Uint8Array | null {
  const fields = record && fieldsOf(record)
  if (!fields?.some(({ number }) => number === keyIndexField)) return null
  return fields.findLast(({ number }) => number === dataField)?.content ?? null
}

/** `content` is null for a number. */
type Field = { number: number; content: Uint8Array | null }

/** The fields of a message; null if it ends too early or has a type that is not in use. */
function fieldsOf(message: Uint8Array): Field[] | null {
  const fields: Field[] = []
  let at = 0
  /** As long as a number is not larger than lengths can be, it is exact. */
  const varint = (): number => {
    let value = 0
    for (let power = 1; at < message.length; power *= 128) {
      const byte = message[at++] ?? 0
      value += (byte & 0x7f) * power
      if (byte < 0x80) return value
    }
    return Number.POSITIVE_INFINITY
  }
  while (at < message.length) {
    const tag = varint()
    const wireType = tag % 8
    let content: Uint8Array | null = null
    if (wireType === wireTypes.varint) {
      if (varint() === Number.POSITIVE_INFINITY) return null
    } else if (wireType === wireTypes.delimited) {
      const length = varint()
      content = message.subarray(at, at + length)
      at += length
    } else if (wireType === wireTypes.eightBytes) at += 8
    else if (wireType === wireTypes.fourBytes) at += 4
    else return null
    if (at > message.length) return null
    fields.push({ number: Math.floor(tag / 8), content })
  }
  return fields
}
