-- What happened in them before their purchase and not too long ago, and the purchase. Before it there are no phases but
-- those before the converting one.
insert into work_attribution_step (
  run_id, person_id, journey_id, step, is_purchase, days, channel, channel_group, source_medium, campaign
)
with step as (
  select
    journey.person_id,
    journey.journey_id,
    journey.purchase_key,
    journey.reference_at,
    told.touch_key,
    told.node_id,
    told.event_time,
    told.channel,
    told.channel_group,
    told.campaign_id,
    nullif(told.campaign_source, '') as campaign_source,
    nullif(told.campaign_medium, '') as campaign_medium
  from placed_touchpoint as told
  join work_attribution_journey as journey
    on journey.journey_id = told.journey_id and journey.person_id = told.person_id
  where journey.run_id = {{run_id}}
    and told.event_time >= {{since}} and told.event_time < {{to}}
    and told.phase is not null
    and (journey.purchase_key is null or told.touch_key <= journey.purchase_key)
    and date_diff('millisecond', told.event_time, journey.reference_at) <= {{lookback_ms}}
)

select
  {{run_id}},
  person_id,
  journey_id,
  row_number() over (partition by person_id, journey_id order by touch_key, node_id),
  purchase_key is not null and touch_key = purchase_key,
  cast(date_diff('millisecond', event_time, reference_at) as double) / 86400000e0,
  channel,
  channel_group,
  case
    when campaign_source is not null or campaign_medium is not null
      then coalesce(campaign_source, '(none)') || ' / ' || coalesce(campaign_medium, '(none)')
  end,
  campaign_id
from step
