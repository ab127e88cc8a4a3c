import { ConditionalCheckFailedException, PutItemCommand } from '@aws-sdk/client-dynamodb'
import * as z from 'zod'
import { isCampaignId } from '../campaigns/campaign-id.ts'
import { number, numberOrNull, string, stringOrNull } from '../runtime/fields.ts'
import { batchGet, type Item, keyAttributes, type Table, text } from './dynamodb.ts'
import { associationsItem, campaignFiguresItem, latestRunItem, personBucket, segmentsItem } from './keys.ts'
import { packedText, unpackedText } from './packed.ts'

/** A run of an analysis whose results are shown. Times are UTC ISO 8601. */
export const insightsRunSchema = z.object({
  runId: string,
  from: string,
  to: string,
  parameters: z.record(string, z.unknown()),
  startedAt: string,
  finishedAt: string,
})
export type InsightsRun = z.infer<typeof insightsRunSchema>

const storedRunSchema = insightsRunSchema.extend({
  bytesScanned: number,
  /** Where the segments are: so many digits of a person's hash name the bucket. */
  bucketDigits: z.number().default(0),
})
export type StoredRun = z.infer<typeof storedRunSchema>

/** What is bought with what; of the figures as in the table `association_rule`. */
export const ruleSchema = z.object({
  antecedent: z.array(string),
  consequent: z.array(string),
  support: number,
  confidence: number,
  lift: number,
  qValue: numberOrNull,
})
export type Rule = z.infer<typeof ruleSchema>

/** What a campaign contributed by one model, in one currency; as in the table `attribution`. */
export const figuresSchema = z.object({
  model: string,
  currency: stringOrNull,
  conversions: number,
  netConversions: number,
  grossRevenue: number,
  revenue: number,
  cost: numberOrNull,
  roas: numberOrNull,
})
export type CampaignFigures = z.infer<typeof figuresSchema>

/** By the person's id. */
const segmentsSchema = z.record(string, string)

export type InsightsStore = ReturnType<typeof createInsightsStore>

/** What answers in real time need of analyses. What belongs to a run never changes; which run is shown does. */
export function createInsightsStore(table: Table) {
  const read = async <T>(keys: Parameters<typeof batchGet>[1], schema: z.ZodType<T>): Promise<T[]> => {
    const items = await batchGet(table, keys, true)
    return items.map((item) => schema.parse(JSON.parse(unpackedText(item.d))))
  }
  return {
    /** The latest one of an analysis; null: none has succeeded yet. */
    runOf: async (analysis: string): Promise<StoredRun | null> => {
      const [run] = await read([latestRunItem(analysis)], storedRunSchema)
      return run ?? null
    },
    /** Shows this run from now on, in one step; not if a later one is shown already. */
    show: async (analysis: string, run: StoredRun): Promise<'shown' | 'older'> => {
      const item = { ...keyAttributes(latestRunItem(analysis)), r: text(run.runId), d: packed(run) }
      return putUnlessOlder(table, item)
    },
    /** Rules of a run that apply where these items are, highest lift first. */
    rulesFor: async (
      { runId }: Pick<InsightsRun, 'runId'>,
      scope: string,
      items: readonly string[],
    ): Promise<Rule[]> => {
      const present = new Set(items)
      const keys = [...present].map((item) => associationsItem(runId, scope, item))
      const rules = (await read(keys, z.array(ruleSchema))).flat()
      const applying = rules.filter(({ antecedent }) => antecedent.every((item) => present.has(item)))
      return applying.sort((a, b) => b.lift - a.lift || (nameOf(a) < nameOf(b) ? -1 : 1))
    },
    /** Null: the person was in none. */
    segmentOf: async (
      { runId, bucketDigits }: Pick<StoredRun, 'runId' | 'bucketDigits'>,
      personId: string,
    ): Promise<string | null> => {
      const key = segmentsItem(runId, personBucket(personId, bucketDigits))
      const [segments = {}] = await read([key], segmentsSchema)
      return Object.hasOwn(segments, personId) ? (segments[personId] ?? null) : null
    },
    /** By model and currency; empty: it contributed nothing. */
    figuresOf: async (
      { runId }: Pick<InsightsRun, 'runId'>,
      campaignId: string,
    ): Promise<CampaignFigures[]> => {
      if (!isCampaignId(campaignId)) return []
      return (await read([campaignFiguresItem(runId, campaignId)], z.array(figuresSchema))).flat()
    },
  }
}

const packed = (value: object) => packedText(JSON.stringify(value))

const nameOf = ({ antecedent, consequent }: Rule): string => JSON.stringify([antecedent, consequent])

async function putUnlessOlder({ client, name }: Table, Item: Item): Promise<'shown' | 'older'> {
  try {
    await client.send(
      new PutItemCommand({
        TableName: name,
        Item,
        ConditionExpression: 'attribute_not_exists(pk) or r <= :run',
        ExpressionAttributeValues: { ':run': Item.r ?? { NULL: true } },
      }),
    )
    return 'shown'
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException) return 'older'
    throw error
  }
}
