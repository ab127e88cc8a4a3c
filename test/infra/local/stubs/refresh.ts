/** Brings nothing. */
export async function handler() {
  return { runs: [], failed: [] }
}
