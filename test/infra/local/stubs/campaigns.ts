/** Knows no campaigns. */
export async function handler() {
  return { statusCode: 404, body: '{}' }
}
