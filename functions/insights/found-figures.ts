import { literalText } from '../analytics/statement.ts'
import { isCampaignId } from '../campaigns/campaign-id.ts'
import { figuresPart, type InsightPart } from '../store/insight-items.ts'
import { type CampaignFigures, figuresSchema } from '../store/insights.ts'
import { consecutive } from './consecutive.ts'
import type { ReadLake } from './lake.ts'

/** What each campaign contributed, by every model. */
export async function* campaignFiguresFound(runId: string, read: ReadLake): AsyncGenerator<InsightPart> {
  const rows = read(`select dimension_value, model, currency, conversions, net_conversions, gross_revenue,
      revenue, cost, roas
    from attribution
    where run_id = ${literalText(runId)} and dimension = 'campaign'
    order by dimension_value, model, currency`)
  for await (const group of consecutive(rows, (row) => row.dimension_value ?? '')) {
    const campaignId = group[0]?.dimension_value ?? ''
    if (isCampaignId(campaignId)) yield figuresPart(runId, campaignId, group.map(figuresOf))
  }
}

const figuresOf = (row: Readonly<Record<string, string | null>>): CampaignFigures =>
  figuresSchema.parse({
    model: row.model,
    currency: row.currency,
    conversions: Number(row.conversions),
    netConversions: Number(row.net_conversions),
    grossRevenue: Number(row.gross_revenue),
    revenue: Number(row.revenue),
    cost: row.cost == null ? null : Number(row.cost),
    roas: row.roas == null ? null : Number(row.roas),
  })
