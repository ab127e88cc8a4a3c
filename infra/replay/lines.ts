const lineFeed = 0x0a

/** Lines as bytes, because a line that is no UTF-8 goes to the stream as it is; blank ones are left out. */
export async function* readLines(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let begun: Uint8Array[] = []
  for await (const chunk of chunks) {
    let start = 0
    for (let end = chunk.indexOf(lineFeed); end !== -1; end = chunk.indexOf(lineFeed, start)) {
      begun.push(chunk.subarray(start, end))
      yield* unlessBlank(begun)
      begun = []
      start = end + 1
    }
    begun.push(chunk.subarray(start))
  }
  yield* unlessBlank(begun)
}

function* unlessBlank(parts: readonly Uint8Array[]): Generator<Uint8Array> {
  const line = Buffer.concat(parts)
  if (line.some((byte) => byte !== 0x20 && byte !== 0x09 && byte !== 0x0d)) yield line
}
