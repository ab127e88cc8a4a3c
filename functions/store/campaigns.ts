import { UpdateItemCommand } from '@aws-sdk/client-dynamodb'
import { type Campaign, campaignSchema } from '../campaigns/campaign.ts'
import {
  batchGet,
  type Item,
  keyAttributes,
  number,
  numberOf,
  queryRange,
  type Table,
  textOf,
} from './dynamodb.ts'
import { campaignItem, lastCharacter } from './keys.ts'
import { packedText, unpackedText } from './packed.ts'

export type StoredCampaign = { id: string; version: number; campaign: Campaign }

export function createCampaignStore(table: Table) {
  return {
    find: async (id: string): Promise<StoredCampaign | null> => {
      const [item] = await batchGet(table, [campaignItem(id)], true)
      return item ? parseCampaign(item) : null
    },
    /** By their ids, from one on. */
    list: async (from: string, limit: number): Promise<StoredCampaign[]> => {
      const { pk } = campaignItem('')
      const items = queryRange(table, { pk, from, to: lastCharacter, limit, consistent: true })
      return (await Array.fromAsync(items)).map(parseCampaign)
    },
    /** In place of what was there; versions rise with every change. */
    put: async (id: string, campaign: Campaign): Promise<void> => {
      await table.client.send(
        new UpdateItemCommand({
          TableName: table.name,
          Key: keyAttributes(campaignItem(id)),
          UpdateExpression: 'SET d = :campaign ADD v :one',
          ExpressionAttributeValues: { ':campaign': packedText(JSON.stringify(campaign)), ':one': number(1) },
        }),
      )
    },
  }
}

export function parseCampaign(item: Item): StoredCampaign {
  const campaign = campaignSchema().parse(JSON.parse(unpackedText(item.d)))
  return { id: textOf(item, 'sk'), version: numberOf(item, 'v'), campaign }
}
