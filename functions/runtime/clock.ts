import { randomBytes } from 'node:crypto'

export const now = (): Date => new Date()

export const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))

/** How long to wait before trying again what somebody else was in the way of, in milliseconds. */
export const retryDelayMs = (attempt: number, random: () => number): number =>
  random() * Math.min(500, 5 * 2 ** attempt)

const alphabet = '0123456789abcdefghijklmnopqrstuvwxyz'

/** Ids that sort by the time they were made: 9 characters of milliseconds in base 36, then 11 at random. */
export function createIdGenerator(clock: () => Date): () => string {
  return () => {
    const time = clock().getTime().toString(36).padStart(9, '0')
    const tail = [...randomBytes(11)].map((byte) => alphabet[byte % alphabet.length])
    return `${time}${tail.join('')}`
  }
}

/** When an id was made. */
export function timeOfId(id: string): Date {
  return new Date(Number.parseInt(id.slice(0, 9), 36))
}
