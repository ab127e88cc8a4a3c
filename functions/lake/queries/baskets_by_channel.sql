-- How large baskets are, as they were bought, before returns. Denominator: orders, nobody's included. The last 365 days
-- by the time of the order, UTC.
with ranked as (
  select
    currency,
    channel,
    units,
    line_count,
    total,
    row_number() over (partition by currency, channel order by total) as place,
    count(*) over (partition by currency, channel) as of_all
  from sales_order
  where order_time >= date_add('day', -365, current_date)
    and status <> 'unmatched_return'
)

select
  currency,
  channel,
  count(*) as orders,
  cast(sum(units) as double) / count(*) as units_per_order,
  cast(sum(line_count) as double) / count(*) as lines_per_order,
  cast(sum(total) as double) / count(*) as value_per_order,
  max(case when place = (of_all + 1) / 2 then total end) as median_value
from ranked
group by currency, channel
order by currency, orders desc, channel
