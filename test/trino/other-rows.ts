import { microseconds, type Row } from '../../functions/lake/row.ts'
import { dayMs } from '../../infra/demo/calendar.ts'

export function quarantineRows(
  quarantined: readonly { id: string; reason: string }[],
  start: Date,
): readonly Row[] {
  const rows = quarantined.map(({ id, reason }, at) => ({
    id: `Q-${String(at).padStart(4, '0')}`,
    reason,
    detail: 'it has two values of one type',
    event_id: id,
    source: 'pos/berlin-mitte',
    received_at: microseconds(new Date(start.getTime() + at * dayMs)),
    shard_id: 'shardId-000000000000',
    sequence_number: `4959033827149025660855969253836157109592157598913658${at}`,
  }))
  const unreadable = {
    ...{ id: 'Q-unreadable', reason: 'invalid_json', detail: 'unexpected “}” at line\n1', event_id: null },
    ...{ source: null, received_at: microseconds(start) + 1, shard_id: null, sequence_number: null },
  }
  return [...rows, unreadable, unreadable]
}

export function campaignRows(start: Date): readonly Row[] {
  const day = (offset: number) => Math.floor(start.getTime() / dayMs) + offset
  const campaign = {
    ...{ campaign_id: 'spring', name: 'Frühling 🌷', channel: 'email', starts_on: day(3), ends_on: day(30) },
    ...{ currency: 'EUR', target_conversions: 25.5, target_revenue: '12500.0000', target_roas: 4.2 },
    holdout_share: 0.1,
    costs: [
      { day: day(3), amount: '100.0000' },
      { day: day(4), amount: '0.3333' },
    ],
    version: 1,
    changed_at: microseconds(start),
    is_gone: false,
  }
  const later = { ...campaign, version: 2, changed_at: microseconds(start) + 1, name: 'Spring', costs: [] }
  const bare = {
    ...{ campaign_id: 'bare', name: null, channel: null, starts_on: null, ends_on: null, currency: null },
    ...{ target_conversions: null, target_revenue: null, target_roas: null, holdout_share: null },
    ...{ costs: null, version: 1, changed_at: microseconds(start), is_gone: false },
  }
  const dropped = { ...campaign, campaign_id: 'dropped' }
  const pounds = { ...campaign, campaign_id: 'pounds', currency: 'GBP', ends_on: null }
  return [campaign, later, later, bare, dropped, { ...dropped, version: 3, is_gone: true }, pounds]
}
