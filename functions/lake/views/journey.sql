-- Journeys with their status as of the query, in UTC: one that has not converted is given up
-- {{abandoned_after_days}} x 24 hours after the last touchpoint that prolonged it.
with as_of_now as (
  select
    *,
    case
      when converted_at is not null then 'converted'
      when date_diff('millisecond', ended_at, cast(now() as timestamp(6)))
        > {{abandoned_after_days}} * bigint '86400000' then 'abandoned'
      else 'open'
    end as status
  from current_journey
)

select
  journey_id,
  person_id,
  cast(status as varchar) as status,
  started_at,
  last_touch_at,
  converted_at,
  case when status <> 'open' then ended_at end as ended_at,
  hours_to_purchase,
  phase,
  channels,
  first_channel,
  first_channel_group,
  first_campaign_id,
  last_channel,
  last_channel_group,
  last_campaign_id,
  purchase_channel,
  purchase_store_id,
  patterns,
  touchpoint_count,
  order_key,
  currency,
  gross_value,
  value,
  case when converted_at is not null then purchase_number = 1 end as is_first_order,
  nps,
  rating,
  sentiment,
  pain_points
from as_of_now
