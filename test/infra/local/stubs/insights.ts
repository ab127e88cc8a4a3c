/** Has found nothing. */
export async function handler() {
  return { statusCode: 404, body: '{}' }
}
