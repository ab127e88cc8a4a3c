import { createHash, createHmac } from 'node:crypto'

/**
 * All keys of all tables. Every item has a partition key `pk` and a sort key `sk`:
 *
 * | table       | pk                    | sk                        | item                                            |
 * |-------------|-----------------------|---------------------------|-------------------------------------------------|
 * | identity    | I#type#version.hmac   | I                         | identifier → node                               |
 * | identity    | I#type#version.hmac   | H#node                    | event's home that a refusal connects it with    |
 * | identity    | N#node                | N                         | node → root; at the root also the person        |
 * | identity    | N#node                | M#mergeId                 | merge record, under its first node              |
 * | identity    | N#node                | R#reason#identifier key   | refusal, under the event's home                 |
 * | touchpoints | N#node                | T#time#source␁id          | touchpoint                                      |
 * | touchpoints | X#bucket              | T#time#source␁id          | touchpoint of nobody, expires                   |
 * | touchpoints | Q#month               | time#hash                 | quarantined record, expires                     |
 * | journeys    | P#person              | C                         | checkpoint of the fold, summary, open journey   |
 * | journeys    | P#person              | generation#J#start key    | journey                                         |
 * | journeys    | P#person              | generation#O#order id     | order                                           |
 * | journeys    | P#person              | generation#R#refund id    | refund or cancellation with a number            |
 * | journeys    | W#part                | time#id                   | timer: persons whose journeys may have gone quiet |
 * | insights    | K                     | campaign id               | campaign, as planned                            |
 * | insights    | R                     | analysis                  | its latest run, whose items below are shown     |
 * | insights    | A#run#scope␁sku       | A                         | rules that the sku is the first of, expires     |
 * | insights    | S#run#bucket          | S                         | segments of persons, expires                    |
 * | insights    | F#run                 | campaign id               | what a campaign brought, expires                |
 * | journeys    | M                     | D#rules key               | rules that journeys were folded by              |
 * | journeys    | M                     | R                         | how far all are folded by the rules of today    |
 *
 * Times in keys are UTC ISO 8601 with milliseconds, so that they sort. Rows of orders that were bought, and nobody's
 * touchpoints of an order, have its number in `o`, the key of the index `byOrder` of either table.
 */
export type Key = { pk: string; sk: string }

/** A version of the retailer's permanent secret under which identifiers are kept. */
export type HmacKey = { version: number; secret: string }

/** `type#version.hmac`: what identifies an identifier everywhere but in the event. */
export function identifierKey(
  identifier: { type: string; value: string },
  { version, secret }: HmacKey,
): string {
  const hmac = createHmac('sha256', secret).update(`${identifier.type}\0${identifier.value}`).digest()
  // 128 bits: among 10^12 identifiers the chance of two alike is 10^-15.
  return `${identifier.type}#${version}.${hmac.subarray(0, 16).toString('base64url')}`
}

export const typeOfKey = (identifierKey: string): string => identifierKey.slice(0, identifierKey.indexOf('#'))

/** A keyed digest of any text; 128 bits as base64url. */
export function fingerprint(text: string, { secret }: HmacKey): string {
  return createHmac('sha256', secret).update(text).digest().subarray(0, 16).toString('base64url')
}

export const identifierItem = (key: string): Key => ({ pk: `I#${key}`, sk: 'I' })
export const householdItem = (identifierKey: string, nodeId: string): Key => ({
  pk: `I#${identifierKey}`,
  sk: `H#${nodeId}`,
})
export const nodeItem = (nodeId: string): Key => ({ pk: `N#${nodeId}`, sk: 'N' })
export const mergeItem = (nodeId: string, mergeId: string): Key => ({
  pk: `N#${nodeId}`,
  sk: `M#${mergeId}`,
})
export const refusalItem = (nodeId: string, reason: string, identifierKey: string): Key => ({
  pk: `N#${nodeId}`,
  sk: `R#${reason}#${identifierKey}`,
})

export type EventKey = { time: string; source: string; id: string }

/** Neither source nor id has control characters, so the separator cannot be part of them. */
export const touchpointSort = ({ time, source, id }: EventKey): string => `T#${time}#${source}\u0001${id}`

const sourceStart = 'T#0000-00-00T00:00:00.000Z#'.length

export function parseTouchpointSort(sk: string): EventKey {
  const separator = sk.indexOf('\u0001', sourceStart)
  return {
    time: sk.slice(2, sourceStart - 1),
    source: sk.slice(sourceStart, separator),
    id: sk.slice(separator + 1),
  }
}

export const touchpointItem = (nodeId: string, event: EventKey): Key => ({
  pk: `N#${nodeId}`,
  sk: touchpointSort(event),
})

/** Sorts behind every time, position and number. */
export const lastCharacter = '\u{10ffff}'

/** Nobody's touchpoints are spread over this many partitions. */
const nobodyPartitions = 256

export function nobodysTouchpointItem(event: EventKey): Key {
  const sk = touchpointSort(event)
  const bucket = createHash('sha256').update(sk).digest().readUInt16BE(0) % nobodyPartitions
  return { pk: `X#${bucket}`, sk }
}

export const personPartition = (personId: string): string => `P#${personId}`
export const checkpointItem = (personId: string): Key => ({ pk: personPartition(personId), sk: 'C' })
export const journeySort = (generation: string, startKey: string): string => `${generation}#J#${startKey}`
export const orderSort = (generation: string, orderId: string): string =>
  `${generation}#O#${orderKey(orderId)}`
export const refundSort = (generation: string, refundId: string): string =>
  `${generation}#R#${bounded(refundId)}`

/** What an item of a person in `journeys` is, by its sort key. */
export function kindOfJourneyRow(sk: string): 'checkpoint' | 'journey' | 'other' {
  if (sk === 'C') return 'checkpoint'
  return sk.startsWith('#J#', sk.indexOf('#')) ? 'journey' : 'other'
}

/** An order's number in keys. Of long ones it is a digest: what is found has to be looked at. */
export const orderKey = (orderId: string): string => bounded(orderId)

/** DynamoDB's sort keys end at 1,024 bytes; the contract sets no limit to these numbers. */
function bounded(number: string): string {
  return Buffer.byteLength(number) <= 400 ? number : createHash('sha256').update(number).digest('hex')
}

/** Timers are spread over so many partitions, each of which takes 1,000 a second. */
export const timerPartitions: readonly string[] = Array.from({ length: 8 }, (_, part) => `W#${part}`)

/** @param id ends in a character at random */
export function timerItem(due: Date, id: string): Key {
  const pk = timerPartitions[id.charCodeAt(id.length - 1) % timerPartitions.length] ?? 'W#0'
  return { pk, sk: `${due.toISOString()}#${id}` }
}
/** Sorts behind all timers that are due. */
export const lastTimerSort = (now: Date): string => `${now.toISOString()}#${lastCharacter}`

export const campaignItem = (campaignId: string): Key => ({ pk: 'K', sk: campaignId })

export const latestRunItem = (analysis: string): Key => ({ pk: 'R', sk: analysis })
/** Neither scope nor sku has a limit, and either may have any sign in it. */
export const associationsItem = (runId: string, scope: string, sku: string): Key => ({
  pk: `A#${runId}#${bounded(scope)}\u0001${bounded(sku)}`,
  sk: 'A',
})
export const segmentsItem = (runId: string, bucket: string): Key => ({ pk: `S#${runId}#${bucket}`, sk: 'S' })
export const campaignFiguresItem = (runId: string, campaignId: string): Key => ({
  pk: `F#${runId}`,
  sk: campaignId,
})

/** Persons are in buckets by the first digits of a hash, as SQL has it: `lower(to_hex(sha256(to_utf8(person_id))))`. */
export const personBucket = (personId: string, digits: number): string =>
  createHash('sha256').update(personId).digest('hex').slice(0, digits)

export const rulesItem = (rulesKey: string): Key => ({ pk: 'M', sk: `D#${rulesKey}` })
export const refoldProgressItem: Key = { pk: 'M', sk: 'R' }

/** A quarantine id is `month-and-time_hash`, so that it says where its item is. */
export function quarantineItem(quarantineId: string): Key {
  return { pk: `Q#${quarantineId.slice(0, 7)}`, sk: quarantineId }
}
