const quote = 0x22
const comma = 0x2c
const newline = 0x0a

/** A line of Athena's result files: every value in quotes, null as nothing at all. */
export const csvLine = (values: readonly (string | null)[]): string =>
  `${values.map((value) => (value === null ? '' : `"${value.replaceAll('"', '""')}"`)).join(',')}\n`

export interface CsvPart {
  rows: (string | null)[][]
  /** How many bytes they are. */
  bytes: number
}

/** Whole lines of such a file, from where one begins; what is cut off at the end is left. */
export function readCsv(bytes: Buffer, mostRows: number): CsvPart {
  const rows: (string | null)[][] = []
  let done = 0
  while (rows.length < mostRows) {
    const line = readLine(bytes, done)
    if (!line) break
    rows.push(line.values)
    done = line.end
  }
  return { rows, bytes: done }
}

function readLine(bytes: Buffer, from: number) {
  const values: (string | null)[] = []
  for (let at = from; ; at++) {
    const value = readValue(bytes, at)
    if (!value) return undefined
    values.push(value.text)
    at = value.end
    if (bytes[at] === newline) return { values, end: at + 1 }
    if (bytes[at] !== comma) return undefined
  }
}

function readValue(bytes: Buffer, from: number) {
  if (bytes[from] !== quote) return { text: null, end: from }
  let end = bytes.indexOf(quote, from + 1)
  while (end >= 0 && bytes[end + 1] === quote) end = bytes.indexOf(quote, end + 2)
  if (end < 0) return undefined
  return { text: bytes.toString('utf8', from + 1, end).replaceAll('""', '"'), end: end + 1 }
}
