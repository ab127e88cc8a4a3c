/** What a run should find, by looking at all subsets of all baskets. */
export interface Asked {
  isFrequent: (count: number, baskets: number) => boolean
  minConfidence: number
  maxLength: number
  maxConsequent: number
}

export function mine(baskets: readonly (readonly string[])[], asked: Asked) {
  const counts = countsOf(baskets, asked)
  const sets = [...counts].filter(([, count]) => asked.isFrequent(count, baskets.length))
  const all = sets.flatMap(([key, count]) => rulesOf(key.split(','), count, { counts, asked }))
  const found = all.map((rule) => ({ ...rule, ...measuresOf(rule, baskets.length) }))
  return {
    itemsets: sets.map(([key, count]) => ({ items: key, count, support: count / baskets.length })),
    /** Before those of little confidence go. */
    tests: all.length,
    rules: found.filter(({ confidence }) => confidence >= asked.minConfidence),
    all: found,
  }
}

function countsOf(baskets: readonly (readonly string[])[], { maxLength }: Asked): Map<string, number> {
  const counts = new Map<string, number>()
  for (const basket of baskets)
    for (const subset of subsetsOf([...new Set(basket)].sort()))
      if (subset.length <= maxLength) counts.set(subset.join(), (counts.get(subset.join()) ?? 0) + 1)
  return counts
}

/** All but the empty one. */
function subsetsOf([first, ...others]: readonly string[]): string[][] {
  if (first === undefined) return []
  const without = subsetsOf(others)
  return [[first], ...without.map((subset) => [first, ...subset]), ...without]
}

function rulesOf(
  items: readonly string[],
  count: number,
  { counts, asked }: { counts: ReadonlyMap<string, number>; asked: Asked },
) {
  return subsetsOf(items)
    .filter(({ length }) => length <= asked.maxConsequent && length < items.length)
    .map((consequent) => {
      const antecedent = items.filter((item) => !consequent.includes(item))
      return {
        rule: `${antecedent.join()} => ${consequent.join()}`,
        count,
        antecedentCount: counts.get(antecedent.join()) ?? 0,
        consequentCount: counts.get(consequent.join()) ?? 0,
      }
    })
}

type Counted = ReturnType<typeof rulesOf>[number]

function measuresOf({ count, antecedentCount, consequentCount }: Counted, baskets: number) {
  const confidence = count / antecedentCount
  const share = consequentCount / baskets
  return {
    support: count / baskets,
    confidence,
    lift: confidence / share,
    leverage: count / baskets - (antecedentCount / baskets) * share,
    conviction: confidence === 1 ? null : (1 - share) / (1 - confidence),
  }
}

/** Benjamini-Hochberg, as the definition has it: the least p m / rank among those that are no smaller. */
export function correct(values: readonly number[]): number[] {
  const ranked = [...values].sort((a, b) => a - b)
  return values.map((value) => {
    const scaled = ranked.map((p, at) => (p >= value ? (p * values.length) / (at + 1) : 1))
    return Math.min(1, ...scaled)
  })
}
