/** An error answer: RFC 9457. `detail` says what would be right; it never repeats contact data. */
export class Problem extends Error {
  override name = 'Problem'
  readonly status: number
  readonly title: string

  constructor(status: number, title: string, detail: string) {
    super(detail)
    this.status = status
    this.title = title
  }
}

export const badRequest = (detail: string): Problem => new Problem(400, 'Bad Request', detail)
export const notFound = (detail: string): Problem => new Problem(404, 'Not Found', detail)
export const conflict = (detail: string): Problem => new Problem(409, 'Conflict', detail)
export const tooLarge = (detail: string): Problem => new Problem(413, 'Content Too Large', detail)
export const tooSlow = (detail: string): Problem => new Problem(503, 'Service Unavailable', detail)
