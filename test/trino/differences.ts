type Rows = readonly (readonly (string | null)[])[]
type Compared = { names: readonly string[]; types: readonly string[]; ours: Rows; theirs: Rows }

/** Engines add doubles in different orders. */
const tolerance = 1e-12
const mostShown = 10

/** Where the answers differ, in words; the first of many. */
export function differences({ names, types, ours, theirs }: Compared): string[] {
  const found = ours.length === theirs.length ? [] : [`${ours.length} rows here, ${theirs.length} in Trino`]
  for (let at = 0; at < Math.max(ours.length, theirs.length) && found.length < mostShown; at++)
    for (const [column, name] of names.entries()) {
      const [a, b] = [ours[at]?.[column], theirs[at]?.[column]]
      if (!isSame(a, b, types[column]))
        found.push(`row ${at + 1}, ${name}: here ${shown(a)}, in Trino ${shown(b)}`)
    }
  return found
}

type Value = string | null | undefined

const shown = (value: Value): string => (value === undefined ? 'no row' : JSON.stringify(value))

function isSame(a: Value, b: Value, type: string | undefined): boolean {
  if (a === b) return true
  if (type !== 'double' || a == null || b == null) return false
  const [x, y] = [Number(a), Number(b)]
  return Math.abs(x - y) <= tolerance * Math.max(Math.abs(x), Math.abs(y))
}
