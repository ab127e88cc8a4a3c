import { hash } from 'node:crypto'

/** What tells an event from all others but those that differ in time only. */
export type EventName = { source: string; id: string }

/** A line of a log ends at 256 KB; a batch with more events than these has them packed into few records. */
const mostListed = 10_000

/** Forty bits: of 250 million events, so many as there are in a busy month, one in 4,000 shares its name with another. */
const digits = 10

/**
 * Names an event in the logs of all functions, and in SQL, without being sent or stored:
 * `substr(lower(to_hex(sha256(to_utf8(source || chr(10) || event_id)))), 1, 10)`. A line break is in neither of the two.
 * It is a digest without a key: whoever can guess the source and id of an event can tell that it was here, and no more.
 */
export const correlationId = ({ source, id }: EventName): string =>
  hash('sha256', `${source}\n${id}`, 'hex').slice(0, digits)

/** As one text: CloudWatch Logs Insights finds a part of a text, but of a list only its first 200 fields. */
export function listed(events: readonly EventName[]): string {
  const ids = events.slice(0, mostListed).map(correlationId).join(' ')
  return events.length > mostListed ? `${ids} and ${events.length - mostListed} more` : ids
}
