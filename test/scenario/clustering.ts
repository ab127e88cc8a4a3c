/** Where one element truly belongs and where it was put; null: by itself. */
export type Placement = { truly: number; found: string | null }

export type Scores = { precision: number; recall: number; f1: number; bCubedF1: number }

/**
 * How well groups that were found agree with the true ones.
 *
 * Precision and recall are pairwise: of the pairs of elements that were put together, those that truly belong
 * together, and the other way round (Menestrina, Whang and Garcia-Molina, Evaluating entity resolution results,
 * PVLDB 3, 2010, section 2.2). Pairs weigh large groups more, so there is B-cubed as well, the mean over elements
 * (Bagga and Baldwin, Entity-based cross-document coreferencing using the vector space model, COLING-ACL 1998).
 * Both are reckoned from the contingency table (Hubert and Arabie, Comparing partitions, 1985).
 */
export function score(placements: readonly Placement[]): Scores {
  const truly = new Map<string, number>()
  const found = new Map<string, number>()
  const cells = new Map<string, { size: number; truly: string; found: string }>()
  for (const [at, placement] of placements.entries()) {
    const inTruth = String(placement.truly)
    const inFound = placement.found ?? `alone ${at}`
    truly.set(inTruth, (truly.get(inTruth) ?? 0) + 1)
    found.set(inFound, (found.get(inFound) ?? 0) + 1)
    const cell = cells.get(`${inTruth} ${inFound}`)
    if (cell) cell.size++
    else cells.set(`${inTruth} ${inFound}`, { size: 1, truly: inTruth, found: inFound })
  }
  const together = pairs([...cells.values()].map(({ size }) => size))
  const precision = share(together, pairs([...found.values()]))
  const recall = share(together, pairs([...truly.values()]))
  let ofFound = 0
  let ofTruly = 0
  for (const cell of cells.values()) {
    ofFound += cell.size ** 2 / (found.get(cell.found) ?? 0)
    ofTruly += cell.size ** 2 / (truly.get(cell.truly) ?? 0)
  }
  const bCubedF1 = harmonicMean(share(ofFound, placements.length), share(ofTruly, placements.length))
  return { precision, recall, f1: harmonicMean(precision, recall), bCubedF1 }
}

function pairs(sizes: readonly number[]): number {
  return sizes.reduce((sum, size) => sum + (size * (size - 1)) / 2, 0)
}

/** Where there is nothing to be right about nothing is wrong. */
function share(part: number, whole: number): number {
  return whole === 0 ? 1 : part / whole
}

function harmonicMean(a: number, b: number): number {
  return a + b === 0 ? 0 : (2 * a * b) / (a + b)
}
