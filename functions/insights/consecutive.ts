/** What stands next to each other under the same key, as one. */
export async function* consecutive<T>(
  values: AsyncIterable<T>,
  keyOf: (value: T) => string,
): AsyncGenerator<T[]> {
  let group: T[] = []
  let key: string | undefined
  for await (const value of values) {
    const own = keyOf(value)
    if (own !== key && group.length > 0) {
      yield group
      group = []
    }
    key = own
    group.push(value)
  }
  if (group.length > 0) yield group
}
