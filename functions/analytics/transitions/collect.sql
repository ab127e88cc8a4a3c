-- Consecutive touchpoints of a journey on different channels; the second one is in the window, UTC.
insert into work_transition (run_id, from_channel, to_channel, journey_id, status, is_before_end, hours)
with pair as (
  select
    person_id,
    journey_id,
    event_time,
    lag(channel) over (partition by person_id, journey_id order by step) as from_channel,
    channel as to_channel,
    seconds_since_previous,
    seconds_to_purchase
  from journey_step
)

select
  {{run_id}},
  pair.from_channel,
  pair.to_channel,
  pair.journey_id,
  journey.status,
  journey.converted_at is null or pair.seconds_to_purchase is not null,
  pair.seconds_since_previous / 3600
from pair
join journey on journey.journey_id = pair.journey_id and journey.person_id = pair.person_id
where pair.event_time >= {{from}}
  and pair.event_time < {{to}}
  and pair.from_channel <> pair.to_channel
