import * as z from 'zod'
import { campaignSchema, showCampaign } from './campaigns/campaign.ts'
import { isCampaignId } from './campaigns/campaign-id.ts'
import { apiHandler, ok } from './http/api.ts'
import { pageOf, pageParameters, readCursor } from './http/page.ts'
import { badRequest, notFound } from './http/problem.ts'
import { noParameters, parseBody, parseQuery } from './http/request.ts'
import { createDynamoDB, table } from './runtime/clients.ts'
import { environment } from './runtime/environment.ts'
import { createCampaignStore } from './store/campaigns.ts'

const campaigns = createCampaignStore(table(createDynamoDB(), environment.insightsTable()))

/** Sorts before every id: no control characters are in them. */
const smallestId = ' '

const listParameters = z.object(pageParameters)
const cursorSchema = z.object({ after: z.string().refine(isCampaignId) })

/** What campaigns are planned, and what they cost; the lake has each version. */
export const handler = apiHandler({
  'GET /v1/campaigns': async ({ query }) => {
    const { limit, cursor } = parseQuery(query, listParameters)
    const after = readCursor(cursor, cursorSchema)?.after ?? smallestId
    // The one where the last page ended is read again.
    const found = await campaigns.list(after, limit + 2)
    const entries = found
      .filter(({ id }) => id !== after)
      .map(({ id, campaign }) => ({ item: showCampaign(id, campaign), position: { after: id } }))
    return ok(pageOf(entries, { limit }))
  },
  'GET /v1/campaigns/{id}': async ({ path, query }) => {
    parseQuery(query, noParameters)
    const id = path.id ?? ''
    const stored = isCampaignId(id) ? await campaigns.find(id) : null
    if (!stored) throw notFound('there is no campaign with this id')
    return ok(showCampaign(id, stored.campaign))
  },
  'PUT /v1/campaigns/{id}': async ({ path, query, body }) => {
    parseQuery(query, noParameters)
    const id = path.id ?? ''
    if (!isCampaignId(id))
      throw badRequest('the id of a campaign has 1 to 400 bytes and no control characters')
    const campaign = parseBody(body, campaignSchema())
    await campaigns.put(id, campaign)
    return ok(showCampaign(id, campaign))
  },
})
