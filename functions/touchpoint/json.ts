export type ParsedJson = { kind: 'parsed'; value: unknown } | { kind: 'broken'; detail: string }

const utf8 = new TextDecoder('utf-8', { fatal: true })

/** Reads bytes as JSON. The detail never quotes them, as the parser's own messages do. */
export function parseJson(bytes: Uint8Array): ParsedJson {
  let text: string
  try {
    text = utf8.decode(bytes)
  } catch {
    return { kind: 'broken', detail: 'the record is not UTF-8' }
  }
  if (text.trim() === '') return { kind: 'broken', detail: 'the record is empty' }
  if (hasHalfCharacter(text))
    return { kind: 'broken', detail: 'a \\u escape is half a character (a lone surrogate)' }
  try {
    const value: unknown = JSON.parse(text)
    return { kind: 'parsed', value }
  } catch (error) {
    return { kind: 'broken', detail: `the record is not JSON${whereabouts(error)}` }
  }
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function whereabouts(error: unknown): string {
  const message = error instanceof Error ? error.message : ''
  if (message.startsWith('Unexpected end')) return ': it ends too early'
  const position = /at position (\d+)/.exec(message)?.[1]
  return position === undefined ? '' : `: unexpected character at position ${position}`
}

/**
 * Valid UTF-8 has no surrogates, but escapes may spell them, and different lone ones would become
 * the same bytes when written. Each escape is matched whole, so an escaped backslash starts none.
 */
function hasHalfCharacter(text: string): boolean {
  if (!/\\u[dD]/.test(text)) return false
  for (const [, half] of text.matchAll(/\\(?:ud[89ab]..\\ud[c-f]..|(ud[89a-f])|.)/gi)) {
    if (half !== undefined) return true
  }
  return false
}
