-- Of what converted with touches each value gets its share in the sum of the removal effects, in whole numbers of 10^-18;
-- what converted without any goes where every model puts it.
insert into work_attribution_credit (
  run_id, model, dimension, dimension_value, currency, conversions, net_conversions, gross_revenue, revenue
)
with effect as (
  select model, dimension, dimension_value, cast(floor(removal_effect * 1e15) as bigint) as effect
  from attribution_removal
  where run_id = {{run_id}}
),

until as (
  select
    model,
    dimension,
    dimension_value,
    cast(floor(1e18 * (
      cast(sum(effect) over (partition by model, dimension order by dimension_value) as double)
        / cast(sum(effect) over (partition by model, dimension) as double)
    )) as bigint) as part_until
  from effect
),

share as (
  select
    model,
    dimension,
    dimension_value,
    part_until - coalesce(lag(part_until) over (partition by model, dimension order by dimension_value), 0) as part
  from until
),

total as (
  select
    dimension,
    cardinality(touches) > 0 as has_touches,
    case when cardinality(touches) = 0 then purchase_value end as purchase_value,
    currency,
    count(*) as conversions,
    sum(case when is_kept then 1 else 0 end) as net_conversions,
    sum(gross) as gross,
    sum(net) as net
  from work_attribution_path
  where run_id = {{run_id}} and is_converted
  group by 1, 2, 3, 4
)

select
  {{run_id}},
  share.model,
  share.dimension,
  share.dimension_value,
  total.currency,
  cast(cast(share.part as decimal(38, 0)) * total.conversions * decimal '0.000000000000000001' as varchar),
  cast(cast(share.part as decimal(38, 0)) * total.net_conversions * decimal '0.000000000000000001' as varchar),
  cast(cast(share.part as decimal(19, 0)) * total.gross * decimal '0.000000000000000001' as varchar),
  cast(cast(share.part as decimal(19, 0)) * total.net * decimal '0.000000000000000001' as varchar)
from share
join total on total.dimension = share.dimension and total.has_touches
union all
select
  {{run_id}},
  asked.model,
  total.dimension,
  total.purchase_value,
  total.currency,
  cast(total.conversions as varchar),
  cast(total.net_conversions as varchar),
  cast(total.gross as varchar),
  cast(total.net as varchar)
from total
cross join unnest(array[{{models}}], array[{{dimensions}}]) as asked (model, dimension)
where not total.has_touches and asked.dimension = total.dimension
