import * as z from 'zod'
import { keptTouches } from '../journey/order.ts'
import { string } from '../runtime/fields.ts'
import { keysByOrder } from './by-order.ts'
import {
  batchExecute,
  batchGet,
  chunked,
  gathered,
  type Item,
  insertStatement,
  keyAttributes,
  maxStatementsPerBatch,
  number,
  queryRange,
  type SortRange,
  type StatementOutcome,
  type Table,
  text,
  textOf,
} from './dynamodb.ts'
import { type EventKey, type Key, lastCharacter, nodeItem, orderKey, parseTouchpointSort } from './keys.ts'
import { packedText, unpackedText } from './packed.ts'

/** A touchpoint where it belongs. `body` is the event as JSON without its key and identifiers. */
export type PlacedTouchpoint = {
  key: Key
  body: string
  /** Digests of its content, the first of which is kept: sent again it has the one that was. */
  fingerprints: readonly string[]
  /** When DynamoDB may drop it; null: kept. */
  expiresAt: Date | null
  /** Of nobody's reports of an order: its number, by which they are found. */
  orderId?: string
}

export type InsertOutcome = 'accepted' | 'duplicate' | 'event_conflict' | 'invalid'

export type TouchpointStore = {
  /** Stores those that are not there yet; keys must not repeat. Outcomes are in order. */
  insert: (touchpoints: readonly PlacedTouchpoint[]) => Promise<InsertOutcome[]>
  /** The fingerprints stored under these keys, as `pk sk`. */
  fingerprints: (keys: readonly Key[]) => Promise<Map<string, string>>
  /** All touchpoints of a node from a time on (UTC ISO 8601; empty: all), read consistently. */
  history: (nodeId: string, from: string) => Promise<StoredTouchpoint[]>
  /** Some of them, by their sort keys in that direction: at most `limit` from `from` to `to`, both included; if not
   * `consistent`, as of up to a second ago, which costs half. */
  some: (nodeId: string, range: TouchpointRange) => Promise<StoredTouchpoint[]>
  /** Those of these keys that exist, read consistently, in no particular order. */
  at: (keys: readonly Key[]) => Promise<StoredTouchpoint[]>
  /** Nobody's reports of an order, as of up to a second ago, by time; of very many as many as of a person's. */
  ofNobodysOrder: (orderId: string, now: Date) => Promise<StoredTouchpoint[]>
}

export type TouchpointRange = {
  from: string
  to: string
  backwards: boolean
  limit: number
  /** True if not said. */
  consistent?: boolean
}

export const keyName = ({ pk, sk }: Key): string => `${pk} ${sk}`

export function createTouchpointStore(table: Table): TouchpointStore {
  const storedFingerprints = async (keys: readonly Key[]) => {
    const items = await batchGet(table, keys, true)
    return new Map(
      items.map((item) => [keyName({ pk: textOf(item, 'pk'), sk: textOf(item, 'sk') }), textOf(item, 'c')]),
    )
  }
  const touchpointsOf = async (nodeId: string, range: Omit<SortRange, 'pk'>) => {
    const items = queryRange(table, { consistent: true, ...range, pk: nodeItem(nodeId).pk })
    return (await Array.fromAsync(items)).map(parseTouchpoint)
  }
  const readTogether = gathered(table)
  return {
    fingerprints: storedFingerprints,
    history: (nodeId, from) => touchpointsOf(nodeId, { from: `T#${from}`, to: `T#${lastCharacter}` }),
    some: touchpointsOf,
    at: async (keys) => (await readTogether(keys)).map(parseTouchpoint),
    ofNobodysOrder: async (orderId, now) => {
      const keys = await keysByOrder(table, orderId)
      const inOrder = keys.sort((a, b) => (a.sk < b.sk ? -1 : 1))
      const items = await batchGet(table, keptTouches(inOrder), false)
      // What has expired may still be there for two days.
      const isKept = ({ x }: Item) => Number(x?.N ?? 0) * 1000 > now.getTime()
      return items.filter(isKept).map(parseTouchpoint)
    },
    insert: async (touchpoints) => {
      const outcomes = await insertInOrder(table, touchpoints)
      const present = touchpoints.filter((_, index) => outcomes[index] === 'exists')
      const stored = await storedFingerprints(present.map(({ key }) => key))
      return touchpoints.map(({ key, fingerprints }, index) => {
        if (outcomes[index] === 'done') return 'accepted'
        if (outcomes[index] !== 'exists') return 'invalid'
        return fingerprints.includes(stored.get(keyName(key)) ?? '') ? 'duplicate' : 'event_conflict'
      })
    },
  }
}

function touchpointRow({ key, body, fingerprints, expiresAt, orderId }: PlacedTouchpoint): Item {
  return {
    ...keyAttributes(key),
    c: text(fingerprints[0] ?? ''),
    e: packedText(body),
    ...(expiresAt && { x: number(Math.floor(expiresAt.getTime() / 1000)) }),
    ...(orderId !== undefined && { o: text(orderKey(orderId)) }),
  }
}

/**
 * Those of one node one after the other by their time, so that whoever follows the stream seldom meets a late one;
 * others beside each other.
 */
async function insertInOrder(
  table: Table,
  touchpoints: readonly PlacedTouchpoint[],
): Promise<(StatementOutcome | undefined)[]> {
  const byNode = new Map<string, number[]>()
  for (const [index, { key }] of touchpoints.entries()) {
    byNode.set(key.pk, [...(byNode.get(key.pk) ?? []), index])
  }
  const sortOf = (index: number) => touchpoints[index]?.key.sk ?? ''
  const lanes: number[][] = []
  for (const ofNode of byNode.values()) {
    const inOrder = ofNode.sort((a, b) => (sortOf(a) < sortOf(b) ? -1 : 1))
    const lane = lanes.at(-1)
    if (lane && lane.length + inOrder.length <= maxStatementsPerBatch) lane.push(...inOrder)
    else lanes.push(inOrder)
  }
  const outcomes: StatementOutcome[] = []
  const insertLane = async (lane: readonly number[]) => {
    for (const chunk of chunked(lane, maxStatementsPerBatch)) {
      const rows = chunk.flatMap((index) => touchpoints[index] ?? [])
      const done = await batchExecute(
        table,
        rows.map((row) => insertStatement(table, touchpointRow(row))),
      )
      for (const [position, index] of chunk.entries()) outcomes[index] = done[position] ?? 'invalid'
    }
  }
  await Promise.all(lanes.map(insertLane))
  return outcomes
}

const storedBody = z.looseObject({ channel: string, type: string })
export type StoredTouchpoint = EventKey & { nodeId: string; fingerprint: string } & z.infer<typeof storedBody>

/** Reads a touchpoint from its item, of the table or of its stream; nobody's has its partition for a node. */
export function parseTouchpoint(item: Item): StoredTouchpoint {
  return {
    ...storedBody.parse(JSON.parse(unpackedText(item.e))),
    ...parseTouchpointSort(textOf(item, 'sk')),
    nodeId: textOf(item, 'pk').slice(2),
    fingerprint: textOf(item, 'c'),
  }
}
