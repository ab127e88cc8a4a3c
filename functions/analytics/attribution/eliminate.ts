import type { Chain } from './chain.ts'

/**
 * The probability of a conversion from the start by state reduction, which neither subtracts nor loses digits
 * (W. K. Grassmann, M. I. Taksar, D. P. Heyman, "Regenerative Analysis and Steady State Distributions for Markov
 * Chains", 1985): one state after the other is taken out, and its transitions are passed on to those before it.
 * @param removed states that every step into ends without a conversion
 */
export function eliminated(chain: Chain, removed: Int32Array): number {
  const { rows, width } = matrixOf(chain, removed)
  const size = width - 2
  for (let out = size - 1; out > 0; out--) {
    const leaving = rows[out]
    if (!leaving) continue
    let sum = (leaving[size] ?? 0) + (leaving[size + 1] ?? 0)
    for (let at = 0; at < out; at++) sum += leaving[at] ?? 0
    if (sum === 0) continue
    for (let at = 0; at < out; at++) passOn({ row: rows[at], leaving, out, sum, size })
  }
  const [conversion = 0, end = 0] = rows[0]?.subarray(size) ?? []
  return conversion === 0 ? 0 : conversion / (conversion + end)
}

interface Passing {
  row: Float64Array | undefined
  leaving: Float64Array
  out: number
  sum: number
  size: number
}

function passOn({ row, leaving, out, sum, size }: Passing): void {
  const share = (row?.[out] ?? 0) / sum
  if (row === undefined || share === 0) return
  for (let to = 0; to < out; to++) row[to] = (row[to] ?? 0) + share * (leaving[to] ?? 0)
  for (let to = size; to < size + 2; to++) row[to] = (row[to] ?? 0) + share * (leaving[to] ?? 0)
}

/** A row for each state: counts to the states, then to the conversion and to the end without one. */
function matrixOf(chain: Chain, removed: Int32Array): { rows: Float64Array[]; width: number } {
  const { offsets, targets, counts, conversions, ends } = chain
  const gone = new Set(removed)
  const size = conversions.length
  const rows = Array.from({ length: size }, () => new Float64Array(size + 2))
  for (const [from, row] of rows.entries()) {
    row[size] = conversions[from] ?? 0
    row[size + 1] = ends[from] ?? 0
    for (let at = offsets[from] ?? 0; at < (offsets[from + 1] ?? 0); at++) {
      const target = targets[at] ?? 0
      const to = gone.has(target) ? size + 1 : target
      row[to] = (row[to] ?? 0) + (counts[at] ?? 0)
    }
  }
  return { rows, width: size + 2 }
}
