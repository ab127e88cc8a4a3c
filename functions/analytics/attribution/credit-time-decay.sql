-- A touch weighs half after {{half_life}} days. Weights are relative to the last touch and whole numbers of 10^-15, so that
-- their sum is the same in any order; shares as in credit-places.
insert into work_attribution_credit (
  run_id, model, dimension, dimension_value, currency, conversions, net_conversions, gross_revenue, revenue
)
with path as (
  select
    person_id,
    journey_id,
    dimension,
    case when cardinality(touches) = 0 then array[purchase_value] else touches end as touches,
    case when cardinality(touches) = 0 then array[0e0] else days end as days,
    is_kept,
    currency,
    gross,
    net
  from work_attribution_path
  where run_id = {{run_id}} and is_converted
),

weighed as (
  select
    path.*,
    dimension_value,
    place,
    cardinality(touches) as n,
    cast(floor(
      1e15 * power(2e0, (element_at(days, cardinality(days)) - element_at(days, place)) / {{half_life}})
    ) as bigint) as weight
  from path
  cross join unnest(touches) with ordinality as touch_of (dimension_value, place)
),

rated as (
  select
    *,
    case
      when place < n then cast(floor(
        1e18 * (cast(weight as double) / cast(sum(weight) over (partition by dimension, person_id, journey_id) as double))
      ) as bigint)
      else bigint '0'
    end as early_part
  from weighed
),

share as (
  select
    *,
    case
      when place < n then cast(early_part as decimal(19, 0))
      else cast(
        bigint '1000000000000000000' - sum(early_part) over (partition by dimension, person_id, journey_id)
        as decimal(19, 0)
      )
    end as part
  from rated
)

select
  {{run_id}},
  'time_decay',
  dimension,
  dimension_value,
  currency,
  cast(sum(cast(part as decimal(38, 0))) * decimal '0.000000000000000001' as varchar),
  cast(
    sum(case when is_kept then cast(part as decimal(38, 0)) else 0 end) * decimal '0.000000000000000001' as varchar
  ),
  cast(sum(part * gross) * decimal '0.000000000000000001' as varchar),
  cast(sum(part * net) * decimal '0.000000000000000001' as varchar)
from share
group by dimension, dimension_value, currency
