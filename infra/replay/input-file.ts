import { createReadStream } from 'node:fs'
import { open } from 'node:fs/promises'
import { pipeline } from 'node:stream/promises'
import { createGunzip } from 'node:zlib'
import { codeOf, messageOf, ReplayFailure } from './failure.ts'

export type InputFile = {
  /** Unpacked if the file is gzip, which its first bytes tell. Throws a ReplayFailure if it is cut off. */
  chunks: AsyncIterable<Uint8Array>
  /** How much of the file has been read, from 0 to 1. */
  fractionRead: () => number
}

export async function openInputFile(path: string): Promise<InputFile> {
  const { size, zipped } = await inspect(path)
  const raw = createReadStream(path)
  const fractionRead = () => (size === 0 ? 1 : raw.bytesRead / size)
  if (!zipped) return { chunks: readable(raw, path), fractionRead }

  const gunzip = createGunzip()
  // Whoever reads the chunks sees the error; this only carries it there.
  pipeline(raw, gunzip).catch(() => undefined)
  return { chunks: readable(gunzip, path), fractionRead }
}

async function inspect(path: string) {
  try {
    await using file = await open(path)
    const stat = await file.stat()
    if (!stat.isFile()) throw new ReplayFailure(`${path} is not a file`)
    const { buffer, bytesRead } = await file.read(Buffer.alloc(2), 0, 2, 0)
    return { size: stat.size, zipped: bytesRead === 2 && buffer.readUInt16BE() === 0x1f8b }
  } catch (error) {
    if (error instanceof ReplayFailure) throw error
    throw unreadable(error, path)
  }
}

async function* readable(chunks: AsyncIterable<Uint8Array>, path: string): AsyncGenerator<Uint8Array> {
  try {
    yield* chunks
  } catch (error) {
    throw unreadable(error, path)
  }
}

function unreadable(error: unknown, path: string): ReplayFailure {
  const code = codeOf(error)
  if (code === 'ENOENT') return new ReplayFailure(`there is no file ${path}`)
  if (code === 'Z_BUF_ERROR') return new ReplayFailure(`${path} is cut off: its gzip data end too early`)
  if (code.startsWith('Z_')) return new ReplayFailure(`${path} is damaged: ${messageOf(error)}`)
  return new ReplayFailure(`${path} cannot be read: ${messageOf(error)}`, { cause: error })
}
