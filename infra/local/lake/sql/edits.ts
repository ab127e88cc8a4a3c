/** What to put in place of a part of the SQL; a part of no length is an insertion. */
export interface Edit {
  start: number
  end: number
  text: string
}

export interface EditedSql {
  sql: string
  /** Where in the SQL as it was given something is that DuckDB tells of, in bytes of UTF-8. */
  placeOf(byte: number): number
}

/** The same with something before it. */
export const prefixed = (text: string, { sql, placeOf }: EditedSql): EditedSql => ({
  sql: `${text}${sql}`,
  placeOf: (byte) => placeOf(byte - text.length),
})

/** Insertions at one place come in the order in which they are given; within what is replaced nothing else changes. */
export function applyEdits(sql: string, edits: readonly Edit[]): EditedSql {
  const sorted = edits.toSorted(
    (a, b) => a.start - b.start || Number(a.end > a.start) - Number(b.end > b.start),
  )
  const parts: { text: string; start: number; isOriginal: boolean }[] = []
  let done = 0
  for (const { start, end, text } of sorted) {
    if (start < done) continue
    parts.push({ text: sql.slice(done, start), start: done, isOriginal: true })
    parts.push({ text, start, isOriginal: false })
    done = end
  }
  parts.push({ text: sql.slice(done), start: done, isOriginal: true })
  return { sql: parts.map(({ text }) => text).join(''), placeOf: (byte) => placeIn(parts, byte) }
}

function placeIn(parts: { text: string; start: number; isOriginal: boolean }[], byte: number): number {
  let left = byte
  for (const { text, start, isOriginal } of parts) {
    const bytes = Buffer.from(text)
    if (left < bytes.length) return start + (isOriginal ? bytes.subarray(0, left).toString().length : 0)
    left -= bytes.length
  }
  const last = parts.at(-1)
  return last ? last.start + last.text.length : 0
}
