import {
  batchExecute,
  type Item,
  insertStatement,
  keyAttributes,
  maxStatementsPerBatch,
  number,
  type Table,
} from './dynamodb.ts'
import type { CampaignFigures, Rule } from './insights.ts'
import { associationsItem, campaignFiguresItem, type Key, segmentsItem } from './keys.ts'
import { packedText } from './packed.ts'

/** A part of what a run found, as it is read at once. */
export type InsightPart = { key: Key; content: object }

export const rulesPart = (
  runId: string,
  scope: string,
  sku: string,
  rules: readonly Rule[],
): InsightPart => ({
  key: associationsItem(runId, scope, sku),
  content: rules,
})

/** @param segments by the ids of the persons of the bucket */
export const segmentsPart = (
  runId: string,
  bucket: string,
  segments: Readonly<Record<string, string>>,
): InsightPart => ({ key: segmentsItem(runId, bucket), content: segments })

export const figuresPart = (
  runId: string,
  campaignId: string,
  figures: readonly CampaignFigures[],
): InsightPart => ({ key: campaignFiguresItem(runId, campaignId), content: figures })

/** Of a run that no later one has followed by then, nothing but its name is left. */
const keptDays = 30

const writtenAtOnce = 8 * maxStatementsPerBatch

/** Stores them as far as they are not there yet: of one run they are always the same. Answers how many there are. */
export async function putParts(table: Table, parts: AsyncIterable<InsightPart>, now: Date): Promise<number> {
  const x = number(Math.floor(now.getTime() / 1000) + keptDays * 86_400)
  let count = 0
  let waiting: Item[] = []
  const write = async () => {
    await putItems(table, waiting)
    count += waiting.length
    waiting = []
  }
  for await (const { key, content } of parts) {
    waiting.push({ ...keyAttributes(key), d: packedText(JSON.stringify(content)), x })
    if (waiting.length === writtenAtOnce) await write()
  }
  await write()
  return count
}

async function putItems(table: Table, items: readonly Item[]): Promise<void> {
  const outcomes = await batchExecute(
    table,
    items.map((item) => insertStatement(table, item)),
  )
  const at = outcomes.findIndex((outcome) => outcome !== 'done' && outcome !== 'exists')
  if (at >= 0) throw new Error(`${items[at]?.pk?.S} was not written: ${outcomes[at]}`)
}
