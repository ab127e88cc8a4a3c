import { createHash } from 'node:crypto'

/** A record as the Kinesis Producer Library aggregates them, written out by its published format. */
export function kplRecord(userRecords: readonly Uint8Array[]): Buffer {
  const partitionKey = Buffer.from('k')
  const message = Buffer.concat([
    field(1, partitionKey),
    ...userRecords.map((data) => field(3, Buffer.concat([Buffer.from([0x08, 0x00]), field(3, data)]))),
  ])
  return Buffer.concat([Buffer.from('f3899ac2', 'hex'), message, createHash('md5').update(message).digest()])
}

function field(number: number, content: Uint8Array): Buffer {
  return Buffer.concat([Buffer.from([(number << 3) | 2]), varint(content.byteLength), content])
}

function varint(value: number): Buffer {
  const bytes: number[] = []
  let rest = value
  while (rest > 0x7f) {
    bytes.push((rest & 0x7f) | 0x80)
    rest >>>= 7
  }
  return Buffer.from([...bytes, rest])
}
