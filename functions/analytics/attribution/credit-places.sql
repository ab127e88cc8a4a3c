-- Models that know the share of a touch by its place. Shares are whole numbers of 10^-18, of each journey exactly one in
-- all: what rounding leaves goes to its last touch. Shapley is linear over the set of its touches: where the value of a
-- set S is the total of the journeys whose touches all lie in S, a journey is a unanimity game of its own set, which its
-- players share equally (L. S. Shapley, "A Value for n-Person Games", 1953).
insert into work_attribution_credit (
  run_id, model, dimension, dimension_value, currency, conversions, net_conversions, gross_revenue, revenue
)
with path as (
  select
    model,
    dimension,
    case
      when cardinality(touches) = 0 then array[purchase_value]
      when model = 'shapley' then array_sort(array_distinct(touches))
      else touches
    end as touches,
    is_kept,
    currency,
    gross,
    net
  from work_attribution_path
  cross join unnest(array[{{models}}]) as asked (model)
  where run_id = {{run_id}} and is_converted
),

touch as (
  select
    path.*,
    dimension_value,
    place,
    cardinality(touches) as n,
    -- Consecutive touches differ, so before the last one, if it is direct, is none that is.
    case
      when element_at(touches, cardinality(touches)) = 'direct' and cardinality(touches) > 1
        then cardinality(touches) - 1
      else cardinality(touches)
    end as credited_place
  from path
  cross join unnest(touches) with ordinality as touch_of (dimension_value, place)
),

part as (
  select
    *,
    case model
      when 'first' then bigint '1000000000000000000'
      when 'linear' then cast(floor(1e18 / n) as bigint)
      when 'shapley' then cast(floor(1e18 / n) as bigint)
      when 'u_shaped' then case when n = 2 then bigint '500000000000000000' else bigint '400000000000000000' end
      when 'j_shaped' then case when n = 2 then bigint '250000000000000000' else bigint '200000000000000000' end
      else bigint '0'
    end as first_part,
    case
      when n < 3 then bigint '0'
      when model in ('linear', 'shapley') then cast(floor(1e18 / n) as bigint)
      when model in ('u_shaped', 'j_shaped') then cast(floor(2e17 / (n - 2)) as bigint)
      else bigint '0'
    end as middle_part
  from touch
),

share as (
  select
    *,
    case
      when model = 'last_non_direct'
        then case when place = credited_place then bigint '1000000000000000000' else bigint '0' end
      when n = 1 then bigint '1000000000000000000'
      when place = 1 then first_part
      when place < n then middle_part
      else bigint '1000000000000000000' - first_part - (n - 2) * middle_part
    end as part
  from part
)

select
  {{run_id}},
  model,
  dimension,
  dimension_value,
  currency,
  cast(sum(cast(part as decimal(38, 0))) * decimal '0.000000000000000001' as varchar),
  cast(
    sum(case when is_kept then cast(part as decimal(38, 0)) else 0 end) * decimal '0.000000000000000001' as varchar
  ),
  cast(sum(cast(part as decimal(19, 0)) * gross) * decimal '0.000000000000000001' as varchar),
  cast(sum(cast(part as decimal(19, 0)) * net) * decimal '0.000000000000000001' as varchar)
from share
group by model, dimension, dimension_value, currency
