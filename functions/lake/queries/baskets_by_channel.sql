-- How large baskets are, as they were bought, before returns. Denominator: orders, nobody's included. The last 365 days
-- by the time of the order, UTC. The median of many values is approximate.
select
  currency,
  channel,
  count(*) as orders,
  cast(sum(units) as double) / count(*) as units_per_order,
  cast(sum(line_count) as double) / count(*) as lines_per_order,
  cast(sum(total) as double) / count(*) as value_per_order,
  approx_percentile(cast(total as double), 0.5e0) as median_value
from sales_order
where order_time >= date_add('day', -365, current_date)
  and status <> 'unmatched_return'
group by currency, channel
order by currency, orders desc, channel
