-- What is left of orders after refunds, by where they were bought. share_of_net: of all net revenue in that currency.
-- The last 365 days by the time of the order, UTC; what came back of unknown orders is in returned and lowers net.
select
  currency,
  channel,
  store_id,
  count(case when status <> 'unmatched_return' then 1 end) as orders,
  round(sum(total), 2) as gross,
  round(sum(returned), 2) as returned,
  round(sum(net), 2) as net,
  cast(sum(net) as double) / nullif(cast(sum(sum(net)) over (partition by currency) as double), 0) as share_of_net
from sales_order
where order_time >= date_add('day', -365, current_date)
group by currency, channel, store_id
order by currency, net desc, channel, store_id
