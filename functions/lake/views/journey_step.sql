-- The touchpoints of journeys in their order. Times between them in seconds; after the purchase there is none to it.
with step_of as (
  select
    touchpoint.*,
    journey.purchase_key,
    journey.converted_at,
    row_number() over in_order as step,
    lag(touchpoint.event_time) over in_order as time_before
  from placed_touchpoint as touchpoint
  join current_journey as journey
    on journey.journey_id = touchpoint.journey_id and journey.person_id = touchpoint.person_id
  window in_order as (
    partition by touchpoint.person_id, touchpoint.journey_id order by touchpoint.touch_key, touchpoint.node_id
  )
),

-- The last one with a phase before the purchase, else the purchase.
marked as (
  select
    *,
    coalesce(
      max(case when touch_key < purchase_key and phase <> {{converts}} then step end) over of_journey,
      min(case when touch_key = purchase_key then step end) over of_journey
    ) as last_step
  from step_of
  window of_journey as (partition by person_id, journey_id)
)

select
  journey_id,
  person_id,
  cast(step as integer) as step,
  event_id,
  source,
  event_time,
  channel,
  channel_group,
  type,
  phase,
  campaign_id,
  store_id,
  cast(date_diff('millisecond', time_before, event_time) as double) / 1000 as seconds_since_previous,
  case when touch_key <= purchase_key then cast(date_diff('millisecond', event_time, converted_at) as double) / 1000 end
    as seconds_to_purchase,
  purchase_key is not null and step = last_step as is_last_before_purchase
from marked
