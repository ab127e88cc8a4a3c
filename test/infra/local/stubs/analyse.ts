/** Is asked for no analyses. */
export async function handler() {
  return { runs: [] }
}
