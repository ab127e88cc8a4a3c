import { readFileSync } from 'node:fs'
import { SourceMap } from 'node:module'
import { fileURLToPath } from 'node:url'

const mostFrames = 6

/**
 * Where in the source an error came about, the innermost place first. Node could map its frames itself, but would load
 * the map of the bundle at every start, which takes longer than creating a client.
 */
export function framesOf({ stack }: { stack?: unknown }): string[] {
  // An error may carry anything by that name.
  const text = typeof stack === 'string' ? stack : ''
  const frames = text.split('\n').filter((line) => line.startsWith('    at '))
  return frames.slice(0, mostFrames).map((frame) => inSource(frame) ?? frame.trim())
}

/** Null for what is in no bundle, such as Node itself. */
function inSource(frame: string): string | null {
  const [, url = '', line, column] = /(file:\/\/[^)]+):(\d+):(\d+)\)?$/.exec(frame) ?? []
  const map = url === '' ? null : mapOf(url)
  const entry = map?.findOrigin(Number(line), Number(column))
  if (!entry || !('fileName' in entry)) return null
  return `${entry.fileName.replace(/^(\.\.\/)+/, '')}:${entry.lineNumber}:${entry.columnNumber}`
}

const maps = new Map<string, SourceMap | null>()

function mapOf(url: string): SourceMap | null {
  const known = maps.get(url)
  if (known !== undefined) return known
  const map = readMap(url)
  maps.set(url, map)
  return map
}

function readMap(url: string): SourceMap | null {
  try {
    return new SourceMap(JSON.parse(readFileSync(fileURLToPath(`${url}.map`), 'utf8')))
  } catch {
    return null
  }
}
