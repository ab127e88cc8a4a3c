import { type Item, queryRange, type Table, textOf } from './dynamodb.ts'
import { lastCharacter, quarantineItem } from './keys.ts'

/** What is told of a quarantined record besides its bytes. */
export type QuarantineEntry = {
  id: string
  reason: string
  detail: string
  eventId: string | null
  source: string | null
  receivedAt: string
  /** Null where it did not come through the stream. */
  origin: { shardId: string | null; sequenceNumber: string | null }
}

export type QuarantineRange = { from: string; to: string; before: string | null }

/** Newest first: entries received from one time to another (UTC ISO 8601), older than the id `before`. */
export async function* readQuarantine(table: Table, { from, to, before }: QuarantineRange) {
  const earliest = from.replaceAll(':', '')
  const latest = `${to.replaceAll(':', '')}${lastCharacter}`
  for (const month of monthsBackwards(before ?? latest, earliest)) {
    const items = queryRange(table, {
      pk: quarantineItem(month).pk,
      from: earliest,
      to: before !== null && before < latest ? before : latest,
      backwards: true,
    })
    for await (const item of items) {
      const entry = parseEntry(item)
      if (entry.id !== before) yield entry
    }
  }
}

function* monthsBackwards(latest: string, earliest: string): Generator<string> {
  let [year = 0, month = 0] = latest.split('-').map(Number)
  for (;;) {
    const name = `${String(year).padStart(4, '0')}-${String(month).padStart(2, '0')}`
    if (name < earliest.slice(0, 7)) return
    yield name
    month = month === 1 ? 12 : month - 1
    if (month === 12) year--
  }
}

export function parseEntry(item: Item): QuarantineEntry {
  return {
    id: textOf(item, 'sk'),
    reason: textOf(item, 'reason'),
    detail: textOf(item, 'detail'),
    eventId: item.eventId?.S ?? null,
    source: item.source?.S ?? null,
    receivedAt: textOf(item, 'receivedAt'),
    origin: { shardId: item.shardId?.S ?? null, sequenceNumber: item.sequenceNumber?.S ?? null },
  }
}
