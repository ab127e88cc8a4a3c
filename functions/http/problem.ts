/** An error answer: RFC 9457. `detail` says what would be right; it never repeats contact data. */
export class Problem extends Error {
  override name = 'Problem'
  readonly status: number
  readonly title: string
  readonly headers: Readonly<Record<string, string>>

  constructor(status: number, title: string, detail: string, headers: Readonly<Record<string, string>> = {}) {
    super(detail)
    this.status = status
    this.title = title
    this.headers = headers
  }
}

export const badRequest = (detail: string): Problem => new Problem(400, 'Bad Request', detail)
export const notFound = (detail: string): Problem => new Problem(404, 'Not Found', detail)
export const conflict = (detail: string): Problem => new Problem(409, 'Conflict', detail)
export const tooLarge = (detail: string): Problem => new Problem(413, 'Content Too Large', detail)
export const tooSlow = (detail: string): Problem => new Problem(503, 'Service Unavailable', detail)

/** @param challenge what RFC 6750 wants in `www-authenticate` */
export const unauthorized = (detail: string, challenge: string): Problem =>
  new Problem(401, 'Unauthorized', detail, { 'www-authenticate': challenge })
export const forbidden = (detail: string, challenge: string): Problem =>
  new Problem(403, 'Forbidden', detail, { 'www-authenticate': challenge })
