/** Maps with at most `limit` calls at once; results are in order. The first error ends it. */
export async function mapLimit<T, R>(
  values: readonly T[],
  limit: number,
  map: (value: T) => Promise<R>,
): Promise<R[]> {
  const results: R[] = []
  const entries = values.entries()
  const workers = Array.from({ length: Math.min(limit, values.length) }, async () => {
    for (const [index, value] of entries) results[index] = await map(value)
  })
  await Promise.all(workers)
  return results
}
