-- Rounded so that nothing is lost: of the sums up to each value, of which a row is the difference to the one before. A
-- value that cost something and brought nothing has a row, too.
insert into attribution (
  run_id, model, dimension, dimension_value, currency, conversions, net_conversions, gross_revenue, revenue, cost, roas
)
with credit as (
  select
    model,
    dimension,
    dimension_value,
    currency,
    sum(cast(conversions as decimal(38, 18))) as conversions,
    sum(cast(net_conversions as decimal(38, 18))) as net_conversions,
    sum(cast(gross_revenue as decimal(38, 22))) as gross_revenue,
    sum(cast(revenue as decimal(38, 22))) as revenue
  from work_attribution_credit
  where run_id = {{run_id}}
  group by model, dimension, dimension_value, currency
),

until as (
  select
    model,
    dimension,
    dimension_value,
    currency,
    cast(sum(conversions) over in_order as decimal(38, 6)) as conversions,
    cast(sum(net_conversions) over in_order as decimal(38, 6)) as net_conversions,
    cast(sum(gross_revenue) over in_order as decimal(38, 4)) as gross_revenue,
    cast(sum(revenue) over in_order as decimal(38, 4)) as revenue
  from credit
  window in_order as (partition by model, dimension, currency order by dimension_value)
),

rounded as (
  select
    model,
    dimension,
    dimension_value,
    currency,
    conversions - coalesce(lag(conversions) over in_order, 0) as conversions,
    net_conversions - coalesce(lag(net_conversions) over in_order, 0) as net_conversions,
    gross_revenue - coalesce(lag(gross_revenue) over in_order, 0) as gross_revenue,
    revenue - coalesce(lag(revenue) over in_order, 0) as revenue
  from until
  window in_order as (partition by model, dimension, currency order by dimension_value)
),

spent as (
  select asked.model, cost.dimension, cost.dimension_value, cost.currency, cost.cost
  from work_attribution_cost as cost
  cross join unnest(array[{{models}}], array[{{dimensions}}]) as asked (model, dimension)
  where cost.run_id = {{run_id}} and asked.dimension = cost.dimension
),

joined as (
  select
    coalesce(rounded.model, spent.model) as model,
    coalesce(rounded.dimension, spent.dimension) as dimension,
    coalesce(rounded.dimension_value, spent.dimension_value) as dimension_value,
    coalesce(rounded.currency, spent.currency) as currency,
    cast(coalesce(rounded.conversions, 0) as double) as conversions,
    cast(coalesce(rounded.net_conversions, 0) as double) as net_conversions,
    cast(coalesce(rounded.gross_revenue, 0) as decimal(18, 4)) as gross_revenue,
    cast(coalesce(rounded.revenue, 0) as decimal(18, 4)) as revenue,
    spent.cost
  from rounded
  full outer join spent
    on spent.model = rounded.model and spent.dimension = rounded.dimension
    and spent.dimension_value = rounded.dimension_value and spent.currency = rounded.currency
)

select
  {{run_id}},
  model,
  dimension,
  dimension_value,
  currency,
  conversions,
  net_conversions,
  gross_revenue,
  revenue,
  cost,
  case when cost > 0 then cast(revenue as double) / cast(cost as double) end
from joined
