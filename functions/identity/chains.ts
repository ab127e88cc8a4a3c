/**
 * Groups what depends on each other, through any number of others, keeping the order within each group.
 * @param concernsOf names of what a value touches; values that share a name belong together
 */
export function chainsOf<T>(values: readonly T[], concernsOf: (value: T) => readonly string[]): T[][] {
  const parents = new Map<string, string>()
  const find = (name: string): string => {
    let root = name
    for (let parent = parents.get(root); parent !== undefined; parent = parents.get(root)) root = parent
    if (root !== name) parents.set(name, root)
    return root
  }
  const firstNames = values.map((value) => {
    const [first = '', ...others] = concernsOf(value)
    for (const other of others) {
      const [a, b] = [find(first), find(other)]
      if (a !== b) parents.set(b, a)
    }
    return first
  })
  const chains = new Map<string, T[]>()
  for (const [index, value] of values.entries()) {
    const root = find(firstNames[index] ?? '')
    const chain = chains.get(root)
    if (chain) chain.push(value)
    else chains.set(root, [value])
  }
  return [...chains.values()]
}
