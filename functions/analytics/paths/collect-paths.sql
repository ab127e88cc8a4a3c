-- Journeys that ended in the window, UTC. The path goes up to the end; what comes after it is no way to it, but the
-- stores where an order is picked up or given back are.
insert into work_journey_path (
  run_id, journey_id, is_converted, path, order_key, currency, value, patterns, store_ids
)
with ended as (
  select * from journey where status <> 'open' and ended_at >= {{from}} and ended_at < {{to}}
),

step_of as (
  select
    ended.person_id,
    ended.journey_id,
    journey_step.step,
    journey_step.channel,
    journey_step.store_id,
    lag(journey_step.channel) over (
      partition by ended.person_id, ended.journey_id order by journey_step.step
    ) as channel_before,
    case
      when ended.converted_at is not null then journey_step.seconds_to_purchase is not null
      else journey_step.event_time <= ended.ended_at
    end as is_up_to_end
  from ended
  join journey_step
    on journey_step.journey_id = ended.journey_id and journey_step.person_id = ended.person_id
),

path_of as (
  select
    person_id,
    journey_id,
    array_agg(channel order by step)
      filter (where is_up_to_end and (channel_before is null or channel_before <> channel)) as path,
    array_agg(distinct store_id order by store_id) filter (where channel = 'store' and store_id is not null)
      as store_ids
  from step_of
  group by person_id, journey_id
)

select
  {{run_id}},
  ended.journey_id,
  ended.converted_at is not null,
  path_of.path,
  ended.order_key,
  ended.currency,
  ended.value,
  coalesce(ended.patterns, cast(array[] as array(varchar))),
  coalesce(path_of.store_ids, cast(array[] as array(varchar)))
from ended
join path_of on path_of.journey_id = ended.journey_id and path_of.person_id = ended.person_id
