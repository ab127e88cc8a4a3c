import { QueryCommand } from '@aws-sdk/client-dynamodb'
import { type Item, type Table, text, textOf } from './dynamodb.ts'
import { lastCharacter, quarantineItem } from './keys.ts'

/** What is told of a quarantined record besides its bytes. */
export type QuarantineEntry = {
  id: string
  reason: string
  detail: string
  eventId: string | null
  source: string | null
  receivedAt: string
  origin: { shardId: string; sequenceNumber: string } | null
}

export type QuarantineRange = { from: string; to: string; before: string | null; limit: number }

/** Newest first: entries received from one time to another (UTC ISO 8601), older than the id `before`. */
export async function* readQuarantine(table: Table, { from, to, before, limit }: QuarantineRange) {
  const earliest = from.replaceAll(':', '')
  const latest = `${to.replaceAll(':', '')}${lastCharacter}`
  for (const month of monthsBackwards(before ?? latest, earliest)) {
    let start: Item | undefined
    do {
      const page = await table.client.send(
        new QueryCommand({
          TableName: table.name,
          KeyConditionExpression: 'pk = :pk and sk between :from and :to',
          ExpressionAttributeValues: {
            ':pk': text(quarantineItem(month).pk),
            ':from': text(earliest),
            ':to': text(before !== null && before < latest ? before : latest),
          },
          ScanIndexForward: false,
          Limit: limit,
          ...(start && { ExclusiveStartKey: start }),
        }),
      )
      for (const item of page.Items ?? []) {
        const entry = parseEntry(item)
        if (entry.id !== before) yield entry
      }
      start = page.LastEvaluatedKey
    } while (start)
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

function parseEntry(item: Item): QuarantineEntry {
  const [shardId, sequenceNumber] = [item.shardId?.S, item.sequenceNumber?.S]
  return {
    id: textOf(item, 'sk'),
    reason: textOf(item, 'reason'),
    detail: textOf(item, 'detail'),
    eventId: item.eventId?.S ?? null,
    source: item.source?.S ?? null,
    receivedAt: textOf(item, 'receivedAt'),
    origin: shardId !== undefined && sequenceNumber !== undefined ? { shardId, sequenceNumber } : null,
  }
}
