-- Of each journey its touches by dimension: consecutive equal values are one, at the time of the last. Those that were
-- given up without any say nothing.
insert into work_attribution_path (
  run_id, person_id, journey_id, dimension, touches, days, purchase_value, is_converted, is_kept, currency, gross, net
)
with told as (
  select person_id, journey_id, step, days, is_purchase, dimension, dimension_value
  from work_attribution_step
  cross join unnest(
    array['channel', 'channel_group', 'source_medium', 'campaign'],
    array[channel, channel_group, source_medium, campaign]
  ) as value_of (dimension, dimension_value)
  where run_id = {{run_id}} and dimension in ({{dimensions}}) and dimension_value <> ''
),

followed as (
  select
    *,
    lead(dimension_value) over (partition by dimension, person_id, journey_id order by step) as next_value
  from told
  where not is_purchase
),

path as (
  select
    dimension,
    person_id,
    journey_id,
    array_agg(dimension_value order by step) as touches,
    array_agg(days order by step) as days
  from followed
  where next_value is null or next_value <> dimension_value
  group by dimension, person_id, journey_id
),

purchase as (
  select dimension, person_id, journey_id, max(dimension_value) as purchase_value
  from told
  where is_purchase
  group by dimension, person_id, journey_id
)

select
  {{run_id}},
  journey.person_id,
  journey.journey_id,
  asked.dimension,
  coalesce(path.touches, cast(array[] as array(varchar))),
  coalesce(path.days, cast(array[] as array(double))),
  case when journey.is_converted then coalesce(purchase.purchase_value, '(none)') end,
  journey.is_converted,
  journey.is_kept,
  journey.currency,
  journey.gross,
  journey.net
from work_attribution_journey as journey
cross join unnest(array[{{dimensions}}]) as asked (dimension)
left join path
  on path.dimension = asked.dimension
  and path.person_id = journey.person_id and path.journey_id = journey.journey_id
left join purchase
  on purchase.dimension = asked.dimension
  and purchase.person_id = journey.person_id and purchase.journey_id = journey.journey_id
where journey.run_id = {{run_id}} and (journey.is_converted or path.touches is not null)
