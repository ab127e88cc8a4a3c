import type { AttributeValue } from '@aws-sdk/client-dynamodb'
import { compareValues, type Item, identity } from './value.ts'

/** A stored item; never changed in place. */
export type Image = { item: Item; bytes: number }

/** The values by which a partition is ordered: the sort key, in an index followed by the key of the table. */
export type Position = AttributeValue[]

type Row = { position: Position; versions: { at: number; image: Image | undefined }[] }

/** The items of one partition key in the order of their positions, with as much of the past as is kept. */
export type Partition = {
  /** The image as a reader sees it that has not seen the `lag` latest changes of this partition. */
  find(position: Position, lag: number): Image | undefined
  put(position: Position, image: Image | undefined, at: number): void
  /** All images in one direction, without the first of which `skip` is true. */
  scan(forward: boolean, skip: (position: Position) => boolean, lag: number): Iterable<[Position, Image]>
}

/** `keptChanges` is the longest lag a reader may have. */
export function createPartition(keptChanges: number): Partition {
  const rows: Row[] = []
  const byPosition = new Map<string, Row>()
  const changes: number[] = []

  const seenUntil = (lag: number): number => {
    if (lag === 0) return Number.POSITIVE_INFINITY
    return (changes.at(-Math.min(lag, changes.length)) ?? Number.POSITIVE_INFINITY) - 1
  }
  const imageOf = (row: Row, until: number): Image | undefined =>
    row.versions.findLast(({ at }) => at <= until)?.image

  return {
    find(position, lag) {
      const row = byPosition.get(nameOf(position))
      return row && imageOf(row, seenUntil(lag))
    },
    put(position, image, at) {
      const name = nameOf(position)
      const row = byPosition.get(name) ?? { position, versions: [] }
      if (row.versions.length === 0) {
        byPosition.set(name, row)
        rows.splice(
          firstNot(rows, (other) => comparePositions(other, position) < 0),
          0,
          row,
        )
      }
      row.versions.push({ at, image })
      changes.push(at)
      if (row.versions.length > keptChanges + 1) row.versions.shift()
      if (changes.length > keptChanges) changes.shift()
      if (keptChanges > 0 || image !== undefined) return
      byPosition.delete(name)
      rows.splice(rows.indexOf(row), 1)
    },
    *scan(forward, skip, lag) {
      const until = seenUntil(lag)
      const start = firstNot(rows, (position) => skip(position) === forward)
      const stretch = forward ? rows.slice(start) : rows.slice(0, start).reverse()
      for (const row of stretch) {
        const image = imageOf(row, until)
        if (image) yield [row.position, image]
      }
    },
  }
}

export function comparePositions(left: Position, right: Position): number {
  for (const [at, value] of left.entries()) {
    const other = right[at]
    const order = other && compareValues(value, other)
    if (order) return order
  }
  return 0
}

function nameOf(position: Position): string {
  return position.map((value) => identity(value)).join('\0')
}

/** Where the rows of which the test is true end; it is true of none after the first of which it is not. */
function firstNot(rows: Row[], test: (position: Position) => boolean): number {
  let low = 0
  let high = rows.length
  while (low < high) {
    const middle = (low + high) >> 1
    const row = rows[middle]
    if (row && test(row.position)) low = middle + 1
    else high = middle
  }
  return low
}
