import type { StoredCampaign } from '../store/campaigns.ts'
import { decimalText, microseconds, type Row } from './row.ts'

/** The row of `campaign_log`. */
export function campaignRow({ id, version, campaign }: StoredCampaign, changedAt: Date): Row {
  const { name, channel, startsOn, endsOn, currency, costs, targets, holdoutShare } = campaign
  return {
    campaign_id: id,
    name,
    channel,
    starts_on: dayNumber(startsOn),
    ends_on: dayNumber(endsOn),
    currency,
    target_conversions: targets.conversions,
    target_revenue: decimalText(targets.revenue ?? undefined, 4),
    target_roas: targets.roas,
    holdout_share: holdoutShare,
    costs: costs.map(({ day, amount }) => ({ day: dayNumber(day), amount: decimalText(amount, 4) })),
    version,
    changed_at: microseconds(changedAt),
    is_gone: false,
  }
}

const dayMs = 86_400_000

/** Iceberg's dates through Firehose are days since 1970. */
const dayNumber = (day: string | null): number | null => (day === null ? null : Date.parse(day) / dayMs)
